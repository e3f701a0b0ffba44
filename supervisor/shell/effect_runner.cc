#include "shell/effect_runner.h"

#include <signal.h>

#include <cerrno>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/signals.h"
#include "base/text.h"

namespace sv::shell {

EffectRunner::EffectRunner(const Parts& parts, std::function<std::uint64_t()> turn)
    : parts_(parts), trees_({parts.log, std::move(turn), [this](pid_t pid) {
                               return parts_.core.find_by_pid(pid) != nullptr;
                             }}) {}
EffectRunner::~EffectRunner() = default;

void EffectRunner::run() {
  if (running_) {
    return;
  }
  running_ = true;
  // A failure inside must not leave the runner looking busy for ever.
  struct Reset {
    bool& flag;
    ~Reset() { flag = false; }
  } reset{running_};
  while (const std::optional<core::SupervisorEffect> effect = parts_.core.take_effect()) {
    perform(*effect);
  }
}

void EffectRunner::perform(const core::SupervisorEffect& effect) {
  namespace fx = core::effect;
  AnnouncementListener& announcements = parts_.announcements;
  std::visit(Overloaded{
                 [&](const core::ProcessEffect& e) { perform(e); },
                 [&](const fx::Log& e) { parts_.log.write(e.level, e.text); },
                 [&](const fx::GroupAdded& e) {
                   announcements.on_group_added(parts_.core.find_group(e.name), e.name);
                 },
                 [&](const fx::GroupRemoved& e) { announcements.on_group_removed(e.name); },
                 [&](const fx::MoodChanged& e) { announcements.on_mood(e.mood); },
                 [&](const fx::AllStopped&) { announcements.on_all_stopped(); },
             },
             effect);
}

void EffectRunner::perform(const core::ProcessEffect& effect) {
  namespace fx = core::effect;
  const core::Process* process = parts_.core.find(effect.process);
  if (process == nullptr) {
    return;  // removed since; what it wanted is moot
  }
  std::visit(
      Overloaded{
          [&](const fx::Spawn&) { spawn(*process); },
          [&](const fx::Kill& e) { kill(*process, e); },
          [&](const fx::Announce& e) { parts_.announcements.on_state_change(*process, e.change); },
          [&](const fx::Log& e) { parts_.log.write(e.level, e.text); },
      },
      effect.effect);
}

void EffectRunner::spawn(const core::Process& process) {
  tl::expected<pid_t, std::string> pid = try_spawn(process);
  core::Stimulus answer = core::stimulus::Spawned{pid.value_or(0)};
  if (!pid) {
    answer = core::stimulus::SpawnFailed{std::move(pid.error())};
  }
  parts_.core.feed(process.id, answer, parts_.clock.now());
}

tl::expected<pid_t, std::string> EffectRunner::try_spawn(const core::Process& process) {
  if (process.config->service) {
    return try_spawn_service(process);
  }
  std::optional<int> stdin_socket;
  if (process.group->fcgi_socket) {
    tl::expected<int, std::string> socket = parts_.fcgi_sockets.acquire(*process.group);
    if (!socket) {
      return tl::unexpected(std::move(socket.error()));
    }
    stdin_socket = *socket;
  }
  tl::expected<ChildLauncher::Launched, std::string> launched =
      parts_.launcher.launch(process, {stdin_socket, std::nullopt, std::nullopt});
  if (!launched) {
    if (stdin_socket) {
      parts_.fcgi_sockets.release(*process.group);
    }
    return tl::unexpected(std::move(launched.error()));
  }
  children_[process.id] = std::move(launched->child);
  return launched->pid;
}

/// A `run` that cannot be executed counts as one that ended with 111, as runit has it, if there is
/// a `finish` to be told.
tl::expected<pid_t, std::string> EffectRunner::try_spawn_service(const core::Process& process) {
  constexpr int kNotExecuted = 111;
  auto launched = parts_.launcher.launch(process, parts_.services.run_request(process));
  if (launched) {
    children_[process.id] = std::move(launched->child);
    return launched->pid;
  }
  if (const auto pid = begin_finish(process, WaitStatus::from_exit(kNotExecuted))) {
    return *pid;
  }
  return tl::unexpected(std::move(launched.error()));
}

std::optional<pid_t> EffectRunner::begin_finish(const core::Process& process, WaitStatus ended) {
  std::optional<ChildLauncher::Request> request = parts_.services.finish_request(process, ended);
  if (!request) {
    return std::nullopt;
  }
  auto launched = parts_.launcher.launch(process, std::move(*request));
  if (!launched) {
    parts_.log.warn(cat({"service ", process.config->name, ": finish: ", launched.error()}));
    return std::nullopt;
  }
  children_[process.id] = std::move(launched->child);
  held_[process.id] = ended;
  return launched->pid;
}

void EffectRunner::kill(const core::Process& process, const core::effect::Kill& kill) {
  const pid_t pid = process.record().pid;
  if (pid <= 0) {
    return;  // reaped while the effect waited
  }
  if (is_finishing(process.id) && kill.signal != SIGKILL) {
    return;  // what it was to be told to do it is doing
  }
  if (trees_.is_waiting(process.id)) {
    trees_.signal_rest(process, kill.signal);
    return;
  }
  if (process.config->stop_tree) {
    trees_.stopping(process, pid, kill.signal, kill.to_group);
  }
  if (kill.signal == SIGKILL) {
    killed_.insert(pid);
  }
  if (::kill(kill.to_group ? -pid : pid, kill.signal) == 0) {
    if (process.config->service) {
      ::kill(pid, SIGCONT);  // one that was paused would not notice
      parts_.services.signalled(process, kill.signal);
    }
    return;
  }
  const int err = errno;
  if (err == ESRCH) {
    parts_.log.debug(cat({"unable to signal ", process.config->name, " (pid ", std::to_string(pid),
                          "), it probably just exited on its own: ", errno_text(err)}));
    return;
  }
  parts_.core.feed(process.id, core::stimulus::KillFailed{errno_text(err)}, parts_.clock.now());
}

Result<void> EffectRunner::signal(const core::Process& process, int number) {
  const pid_t pid = process.record().pid;
  const std::string& name = process.config->name;
  parts_.log.debug(cat({"sending ", name, " (pid ", std::to_string(pid), ") sig ",
                        number == 0 ? "0" : signal_name(number)}));
  if (number == SIGKILL) {
    killed_.insert(pid);
  }
  if (pid > 0 && ::kill(pid, number) == 0) {
    parts_.services.signalled(process, number);
    return {};
  }
  const int err = pid > 0 ? errno : ESRCH;
  if (err == ESRCH) {
    parts_.log.debug(cat({"unable to signal ", name, " (pid ", std::to_string(pid),
                          "), it probably just now exited on its own: ", errno_text(err)}));
    return fail_errno(err, cat({"cannot signal '", name, "'"}));
  }
  std::string problem =
      cat({"unknown problem sending sig ", name, " (", std::to_string(pid), "):", errno_text(err)});
  parts_.core.feed(process.id, core::stimulus::KillFailed{errno_text(err)}, parts_.clock.now());
  run();
  return fail(ErrorCode::permission_denied, std::move(problem));
}

bool EffectRunner::child_exited(pid_t pid, WaitStatus status) {
  const core::Process* process = parts_.core.find_by_pid(pid);
  if (process == nullptr) {
    return false;
  }
  const core::ProcessId id = process->id;
  killed_.erase(pid);
  if (process->config->stop_tree) {
    if (const std::optional<pid_t> next = trees_.next(*process, status)) {
      parts_.core.feed(id, core::stimulus::Handover{*next}, parts_.clock.now());
      run();
      return true;
    }
    status = trees_.take_status(id, status);
  }
  // Out of the table first: the exit may start a successor at once.
  std::unique_ptr<Child> child;
  if (const auto it = children_.find(id); it != children_.end()) {
    child = std::move(it->second);
    children_.erase(it);
  }
  if (child != nullptr) {
    child->finish();
    last_log_bytes_[id] = child->log_bytes();
    if (process->group->fcgi_socket) {
      parts_.fcgi_sockets.release(*process->group);
    }
  }
  if (process->config->service) {
    if (const auto held = held_.find(id); held != held_.end()) {
      status = held->second;  // of run; finish has just ended
      held_.erase(held);
    } else if (const std::optional<pid_t> finish = begin_finish(*process, status)) {
      parts_.core.feed(id, core::stimulus::Handover{*finish}, parts_.clock.now());
      parts_.services.handed_over(*process);
      run();
      return true;
    }
  }
  parts_.core.feed(id, core::stimulus::Exited{status}, parts_.clock.now());
  run();
  return true;
}

Child* EffectRunner::child(core::ProcessId id) {
  const auto it = children_.find(id);
  return it != children_.end() ? it->second.get() : nullptr;
}

Child::LogBytes EffectRunner::log_bytes(core::ProcessId id) const {
  if (const auto it = children_.find(id); it != children_.end()) {
    return it->second->log_bytes();
  }
  const auto it = last_log_bytes_.find(id);
  return it != last_log_bytes_.end() ? it->second : Child::LogBytes{};
}

void EffectRunner::reopen_logs() {
  for (const auto& [id, child] : children_) {
    child->reopen_logs();
  }
}

}  // namespace sv::shell
