#include "core/supervisor.h"

#include <algorithm>
#include <csignal>
#include <deque>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "core/shutdown_plan.h"

namespace sv::core {

bool Group::is_stopped() const {
  return std::all_of(processes_.begin(), processes_.end(),
                     [](const auto& process) { return counts_as_stopped(process->state()); });
}

namespace {

bool starts_before(const Group& a, const Group& b) {
  return std::tie(a.config().priority, a.name()) < std::tie(b.config().priority, b.name());
}

}  // namespace

struct Supervisor::Impl {
  GroupList groups;                                    ///< by (priority, name)
  std::vector<Process*> by_id;                         ///< ascending, because ids only grow
  std::unordered_map<pid_t, Process*> by_pid;          ///< processes with a child
  std::set<std::pair<MonoTime, ProcessId>> deadlines;  ///< one entry per process that waits
  std::deque<SupervisorEffect> effects;
  std::uint32_t last_id = 0;

  Mood mood = Mood::running;
  bool autostarting = false;       ///< run() was called
  bool all_stopped = false;        ///< AllStopped was emitted
  const Group* in_turn = nullptr;  ///< being stopped; between calls never down, so not removable
  std::optional<MonoTime> next_report;  ///< of "waiting for ... to die"
  std::optional<MonoTime> end_by;       ///< when everything must be down
  bool hurried = false;                 ///< end_by has come; it has been moved by kLastGrace
  std::vector<std::string> killed;

  [[nodiscard]] bool stopping() const { return mood != Mood::running; }

  [[nodiscard]] Process* find(ProcessId id) const;
  [[nodiscard]] GroupList::const_iterator position(std::string_view name) const;
  void apply(Process& process, const Stimulus& stimulus, Now now);
  void reindex(Process& process, pid_t old_pid, std::optional<MonoTime> old_deadline);
  void forget(Process& process);
  void autostart(const Group& group, Now now);
  void continue_stop(Now now);
  void report_waiting(Now now);
  void all_is_down();
  void hurry(Now now);
  void check_end(Now now);
  void note_kill(const Process& process, const Effect& wanted);
  [[nodiscard]] bool is_too_late(const SupervisorEffect& effect) const;
};

Process* Supervisor::Impl::find(ProcessId id) const {
  const auto at = std::lower_bound(
      by_id.begin(), by_id.end(), id,
      [](const Process* process, ProcessId wanted) { return process->id < wanted; });
  return at != by_id.end() && (*at)->id == id ? *at : nullptr;
}

GroupList::const_iterator Supervisor::Impl::position(std::string_view name) const {
  return std::find_if(groups.begin(), groups.end(),
                      [name](const auto& group) { return group->name() == name; });
}

/// Feeds one machine and queues what it wants. Never moves on to another process.
void Supervisor::Impl::apply(Process& process, const Stimulus& stimulus, Now now) {
  const pid_t old_pid = process.record().pid;
  const auto old_deadline = process.machine.deadline();
  std::vector<Effect> wanted = process.machine.feed(stimulus, now);
  reindex(process, old_pid, old_deadline);
  for (Effect& effect : wanted) {
    note_kill(process, effect);
    effects.emplace_back(ProcessEffect{process.id, std::move(effect)});
  }
}

void Supervisor::Impl::reindex(Process& process, pid_t old_pid,
                               std::optional<MonoTime> old_deadline) {
  const pid_t pid = process.record().pid;
  if (pid != old_pid) {
    if (const auto at = by_pid.find(old_pid); at != by_pid.end() && at->second == &process) {
      by_pid.erase(at);
    }
    if (pid != 0) {
      by_pid.insert_or_assign(pid, &process);
    }
  }
  const auto deadline = process.machine.deadline();
  if (deadline != old_deadline) {
    if (old_deadline) {
      deadlines.erase({*old_deadline, process.id});
    }
    if (deadline) {
      deadlines.emplace(*deadline, process.id);
    }
  }
}

void Supervisor::Impl::forget(Process& process) {
  if (const auto deadline = process.machine.deadline()) {
    deadlines.erase({*deadline, process.id});
  }
  // A process in UNKNOWN may still run; when it ends, its pid is nobody's.
  if (const auto at = by_pid.find(process.record().pid);
      at != by_pid.end() && at->second == &process) {
    by_pid.erase(at);
  }
  by_id.erase(std::find(by_id.begin(), by_id.end(), &process));
}

void Supervisor::Impl::autostart(const Group& group, Now now) {
  for (const auto& process : group.processes()) {
    if (process->config->autostart) {
      apply(*process, stimulus::Start{}, now);
    }
  }
}

/// Gives the turn to the next group when the one being stopped is down. Groups with nothing to
/// stop, or nothing but processes in BACKOFF, do not cost any waiting.
void Supervisor::Impl::continue_stop(Now now) {
  if (!stopping() || all_stopped) {
    return;
  }
  while (in_turn == nullptr || in_turn->is_stopped()) {
    in_turn = next_to_stop(groups);
    if (in_turn == nullptr) {
      all_is_down();
      return;
    }
    stimulus::Stop stop;
    if (end_by) {
      stop.kill_by = now.mono + share_of_time(groups, *end_by - now.mono);
    }
    for (const Group* group : stopped_together(groups, *in_turn)) {
      for (Process* process : stop_order(*group)) {
        apply(*process, stop, now);
      }
    }
  }
  if (!next_report || *next_report <= now.mono) {
    report_waiting(now);
  }
}

void Supervisor::Impl::all_is_down() {
  all_stopped = true;
  next_report.reset();
  end_by.reset();
  effects.emplace_back(effect::AllStopped{});
}

void Supervisor::Impl::hurry(Now now) {
  for (Process* process : by_id) {
    apply(*process, stimulus::Hurry{}, now);
  }
  continue_stop(now);
}

/// The time is up: first everything is killed, then nobody is waited for any more.
void Supervisor::Impl::check_end(Now now) {
  if (!end_by || now.mono < *end_by || all_stopped) {
    return;
  }
  if (!std::exchange(hurried, true)) {
    end_by = *end_by + kLastGrace;
    hurry(now);
    return;
  }
  effects.emplace_back(
      effect::Log{Level::critical, cat({"ending without ", waiting_line(unstopped(groups))})});
  all_is_down();
}

/// A SIGKILL that nobody configured means that time was short.
void Supervisor::Impl::note_kill(const Process& process, const Effect& wanted) {
  const auto* kill = std::get_if<effect::Kill>(&wanted);
  const std::string& name = process.config->name;
  if (stopping() && kill != nullptr && kill->signal == SIGKILL &&
      process.config->stop_signal != SIGKILL && std::ranges::find(killed, name) == killed.end()) {
    killed.push_back(name);
  }
}

void Supervisor::Impl::report_waiting(Now now) {
  const auto waited_for = unstopped(groups);
  effects.emplace_back(effect::Log{Level::info, waiting_line(waited_for)});
  for (const Process* process : waited_for) {
    effects.emplace_back(effect::Log{
        Level::blather, cat({process->config->name, " state: ", state_name(process->state())})});
  }
  next_report = now.mono + kReportInterval;
}

/// A Kill that was queued before its process was reaped: the pid may be somebody else's by now.
bool Supervisor::Impl::is_too_late(const SupervisorEffect& effect) const {
  const auto* of_process = std::get_if<ProcessEffect>(&effect);
  if (of_process == nullptr) {
    return false;
  }
  const auto* kill = std::get_if<effect::Kill>(&of_process->effect);
  if (kill == nullptr) {
    return false;
  }
  const Process* process = find(of_process->process);
  return process == nullptr || process->record().pid != kill->pid;
}

Supervisor::Supervisor() : impl_(std::make_unique<Impl>()) {}

Supervisor::~Supervisor() = default;

Result<void> Supervisor::add_group(std::shared_ptr<const config::GroupConfig> group, Now now) {
  Impl& impl = *impl_;
  if (impl.position(group->name) != impl.groups.end()) {
    return fail(ErrorCode::already_exists,
                cat({"cannot add group ", python_repr(group->name), ": it is active"}));
  }
  auto added = std::make_unique<Group>();
  added->config_ = std::move(group);
  added->processes_.reserve(added->config_->processes.size());
  for (const config::ProcessConfig& config : added->config_->processes) {
    const ProcessId id{++impl.last_id};
    added->processes_.push_back(std::make_unique<Process>(
        Process{id, added->config_.get(), &config, ProcessMachine(config)}));
    impl.by_id.push_back(added->processes_.back().get());
  }
  const auto at =
      std::upper_bound(impl.groups.begin(), impl.groups.end(), added,
                       [](const auto& a, const auto& b) { return starts_before(*a, *b); });
  const Group& active = **impl.groups.insert(at, std::move(added));

  impl.effects.emplace_back(effect::GroupAdded{active.name()});
  if (impl.stopping()) {
    for (const auto& process : active.processes()) {
      impl.apply(*process, stimulus::DaemonStopping{}, now);
    }
  } else if (impl.autostarting) {
    impl.autostart(active, now);
  }
  return {};
}

Result<void> Supervisor::remove_group(std::string_view name, Now /*now*/) {
  Impl& impl = *impl_;
  const auto at = impl.position(name);
  if (at == impl.groups.end()) {
    return fail(ErrorCode::not_found,
                cat({"cannot remove group ", python_repr(name), ": it is not active"}));
  }
  const Group& group = **at;
  if (!group.is_stopped()) {
    return fail(ErrorCode::unavailable,
                cat({"cannot remove group ", python_repr(name), ": it is still running"}));
  }
  for (const auto& process : group.processes()) {
    impl.forget(*process);
  }
  impl.effects.emplace_back(effect::GroupRemoved{group.name()});
  impl.groups.erase(at);
  return {};
}

void Supervisor::run(Now now) {
  Impl& impl = *impl_;
  if (impl.autostarting || impl.stopping()) {
    return;
  }
  impl.autostarting = true;
  impl.effects.emplace_back(effect::MoodChanged{Mood::running});
  for (const auto& group : impl.groups) {
    impl.autostart(*group, now);
  }
}

const std::vector<std::unique_ptr<Group>>& Supervisor::groups() const {
  return impl_->groups;
}

const Group* Supervisor::find_group(std::string_view name) const {
  const auto at = impl_->position(name);
  return at == impl_->groups.end() ? nullptr : at->get();
}

const Process* Supervisor::find(ProcessId id) const {
  return impl_->find(id);
}

const Process* Supervisor::find_by_pid(pid_t pid) const {
  const auto at = impl_->by_pid.find(pid);
  return at == impl_->by_pid.end() ? nullptr : at->second;
}

void Supervisor::feed(ProcessId id, const Stimulus& stimulus, Now now) {
  Process* process = impl_->find(id);
  if (process == nullptr) {
    return;
  }
  impl_->apply(*process, stimulus, now);
  impl_->continue_stop(now);
}

void Supervisor::deadline_reached(Now now) {
  Impl& impl = *impl_;
  impl.check_end(now);  // who is killed with all others now is not due any more
  // Who is due is settled first: whatever a machine does, each is asked once.
  std::vector<ProcessId> due;
  for (auto at = impl.deadlines.begin();
       at != impl.deadlines.end() && at->first <= now.mono && due.size() < kMostDue; ++at) {
    due.push_back(at->second);
  }
  for (const ProcessId id : due) {
    impl.apply(*impl.find(id), stimulus::Deadline{}, now);
  }
  impl.continue_stop(now);
}

void Supervisor::hurry(Now now) {
  if (impl_->stopping() && !impl_->all_stopped) {
    impl_->hurry(now);
  }
}

const std::vector<std::string>& Supervisor::killed() const {
  return impl_->killed;
}

void Supervisor::begin_stop(Mood mood, Now now, std::optional<Duration> within) {
  Impl& impl = *impl_;
  if (mood == Mood::running || (impl.stopping() && mood == Mood::restarting)) {
    return;
  }
  const bool already_stopping = impl.stopping();
  impl.mood = mood;
  if (within && mood == Mood::shutdown && !impl.end_by) {
    impl.end_by = now.mono + *within;
  }
  if (already_stopping) {
    return;
  }
  impl.effects.emplace_back(effect::MoodChanged{mood});
  for (Process* process : impl.by_id) {
    impl.apply(*process, stimulus::DaemonStopping{}, now);
  }
  impl.continue_stop(now);
}

Mood Supervisor::mood() const {
  return impl_->mood;
}

std::optional<MonoTime> Supervisor::next_deadline() const {
  if (impl_->all_stopped) {
    return std::nullopt;  // whatever survived everything is left to itself
  }
  std::optional<MonoTime> next = impl_->next_report;
  if (impl_->end_by) {
    next = next ? std::min(*next, *impl_->end_by) : *impl_->end_by;
  }
  if (!impl_->deadlines.empty()) {
    const MonoTime first = impl_->deadlines.begin()->first;
    next = next ? std::min(*next, first) : first;
  }
  return next;
}

std::optional<SupervisorEffect> Supervisor::take_effect() {
  auto& effects = impl_->effects;
  while (!effects.empty()) {
    SupervisorEffect effect = std::move(effects.front());
    effects.pop_front();
    if (!impl_->is_too_late(effect)) {
      return effect;
    }
  }
  return std::nullopt;
}

}  // namespace sv::core
