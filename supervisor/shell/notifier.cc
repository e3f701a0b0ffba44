#include "shell/notifier.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <utility>

#include "base/text.h"
#include "core/ansi_filter.h"
#include "navi/runtime_memory.h"
#include "rpc/names.h"
#include "shell/notice_facts.h"
#include "shell/open_sinks.h"

namespace sv::shell {
namespace {

/// Tells the runs of one daemon apart; nothing secret.
std::uint32_t run_number(const Clock& clock) {
  const auto ticks = static_cast<std::uint64_t>(clock.now().wall.time_since_epoch().count());
  return static_cast<std::uint32_t>(ticks ^ (ticks >> 32)) ^ static_cast<std::uint32_t>(::getpid());
}

std::vector<core::EventType> types_of(const std::vector<std::string>& names) {
  std::vector<core::EventType> types;
  for (const std::string& name : names) {
    if (const auto type = core::event_from_name(name)) {
      types.push_back(*type);
    }
  }
  return types;
}

/// Whether memory is why.
bool is_oom(const std::optional<navi::MemoryFacts>& memory) {
  return memory && (memory->verdict == navi::MemoryVerdict::certain ||
                    memory->verdict == navi::MemoryVerdict::likely ||
                    memory->verdict == navi::MemoryVerdict::possible);
}

std::string without_escapes(std::string_view words) {
  core::AnsiFilter filter;
  std::vector<std::string_view> pieces;
  filter.feed(words, pieces);
  filter.finish(pieces);
  std::string text;
  for (const std::string_view piece : pieces) {
    text += piece;
  }
  return text;
}

/// Crashes have an account of their own, so that they cannot use up that of what is worse.
std::string_view account_of(navi::Kind kind) {
  return kind == navi::Kind::oom ? " oom" : kind == navi::Kind::fatal ? " fatal" : " crash";
}

}  // namespace

Notifier::Notifier(Parts parts, const config::NaviConfig& config)
    : parts_(std::move(parts)),
      events_(types_of(config.events)),
      tail_bytes_(config.tail_bytes),
      // More than is written: a runtime's trace stands behind what it is recognised by.
      words_(config.tail_bytes > 0 ? std::max(config.tail_bytes, navi::kLastWordsBytes) : 0),
      memory_({parts_.loop, parts_.log, parts_.clock, parts_.killed_by_us,
               [this](navi::MemoryFacts facts) {
                 descendant_was_killed(std::nullopt, std::move(facts));
               },
               parts_.changed}),
      queue_([this](const std::string& content, WallTime now) {
        return writer_->write(content, now);
      }),
      rate_(static_cast<std::size_t>(config.rate_limit), config.rate_window),
      numbering_(run_number(parts_.clock)),
      mark_(config.output),
      pressure_pause_(config.rate_window) {
  if (config.output) {
    // Not synced unless wanted: that stops the loop for as long as the disk likes. A notice is
    // complete or not there whatever becomes of us; only a crash of the machine may lose it.
    writer_.emplace(navi::NoticeWriterOptions{.directory = *config.output,
                                              .sync = config.sync,
                                              .max_files = config.max_files,
                                              .max_bytes = config.max_bytes});
  }
  sinks_ =
      open_sinks(config, {parts_.loop, parts_.clock, parts_.log, parts_.outputs, parts_.changed});
  tell_of_previous_run();
  if (config.pressure) {
    memory_.watch_pressure(*config.pressure,
                           [this](const std::string& file) { pressure_passed(file); });
  }
}

// What happens ------------------------------------------------------------------------------------

/// A parent often has something to say when its worker is killed.
void Notifier::said(core::ProcessId id, core::Channel channel, std::string_view bytes) noexcept {
  words_.said(id, channel, bytes);
  try {
    if (memory_.look_soon()) {
      parts_.changed();
    }
  } catch (const std::exception&) {
    return;  // later, then
  }
}

void Notifier::ended(std::span<const os::Reaped> batch) {
  ended_.clear();
  for (const os::Reaped& one : batch) {
    ended_.insert_or_assign(one.pid, one);
  }
  memory_.ended(batch);
}

bool Notifier::is_news(const core::StateChange& change) const {
  const bool by_default = change.to == core::ProcessState::backoff ||
                          change.to == core::ProcessState::fatal ||
                          (change.to == core::ProcessState::exited && !change.expected);
  if (!events_.empty()) {
    if (by_default && std::ranges::find(events_, core::EventType::process_crash) != events_.end()) {
      return true;
    }
    return std::ranges::any_of(events_,
                               [type = core::state_event_type(change.to)](core::EventType wanted) {
                                 return core::is_a(type, wanted);
                               });
  }
  return by_default;
}

void Notifier::state_changed(const core::Process& process, const core::StateChange& change,
                             const Logs& logs) {
  if (change.to == core::ProcessState::starting) {
    words_.begin(process.id);
  }
  const core::ProcessRecord& record = process.record();
  if (change.to == core::ProcessState::running && record.started && record.started_mono) {
    up_since_[process.id] = {.mono = *record.started_mono, .wall = *record.started};
  }
  // One that ended as expected, or was being stopped, may still have been killed for memory.
  const bool is_end =
      change.to == core::ProcessState::exited || change.to == core::ProcessState::stopped;
  const bool was_killed = is_end && change.pid != 0 && is_oom(memory_.judgement(change.pid));
  const bool crashed = (change.to == core::ProcessState::exited && !change.expected) ||
                       (change.to == core::ProcessState::backoff && change.status);
  if (!is_news(change) && !was_killed && !crashed) {
    return;
  }
  navi::Notice notice = describe(process, change, logs);
  if (crashed || was_killed) {
    announce(process, change, notice.memory);
  }
  if (is_news(change) || is_oom(notice.memory)) {
    report(std::move(notice));
  }
}

void Notifier::announce(const core::Process& process, const core::StateChange& change,
                        const std::optional<navi::MemoryFacts>& memory) {
  const core::ProcessName who{process.config->name, process.group->shown()};
  parts_.publish(core::process_crash_event(who, change));
  if (is_oom(memory)) {
    const bool by_kernel = memory->source == navi::MemoryFacts::Source::kernel;
    parts_.publish(core::process_oom_event(who, change, navi::verdict_name(memory->verdict),
                                           by_kernel ? "kernel" : "runtime"));
  }
}

bool Notifier::wants(core::EventType type) const {
  return !core::is_a(type, core::EventType::process_state) &&
         type != core::EventType::process_crash && type != core::EventType::process_oom &&
         std::ranges::any_of(events_,
                             [type](core::EventType wanted) { return core::is_a(type, wanted); });
}

void Notifier::on_event(const core::Event& event) {
  report(notice_of(core::event_name(event.type), event.payload));
}

/// Told by what a run that ended by itself takes away.
void Notifier::tell_of_previous_run() {
  const navi::MemoryFacts memory = memory_.facts();
  const std::optional<RunMark::Previous> previous =
      mark_.begin(parts_.clock.now().wall, memory.kills_after);
  if (!previous) {
    return;
  }
  navi::Notice notice =
      notice_of("REMOTE_COMMUNICATION", cat({"type:container\n", previous->text}));
  notice.kind = navi::Kind::container;
  notice.memory = memory;
  notice.memory->kills_before = previous->kills;
  if (previous->kills && memory.kills_after && *memory.kills_after > *previous->kills) {
    notice.memory->verdict = navi::MemoryVerdict::possible;
    notice.memory->source = navi::MemoryFacts::Source::kernel;
  }
  report(std::move(notice));
}

/// `file` says whose: a control group's, or the machine's.
void Notifier::pressure_passed(const std::string& file) {
  const MonoTime now = parts_.clock.now().mono;
  if (pressure_told_ && now < *pressure_told_ + pressure_pause_) {
    return;
  }
  pressure_told_ = now;
  navi::Notice notice = notice_of("REMOTE_COMMUNICATION", cat({"type:pressure\n", file}));
  notice.kind = navi::Kind::pressure;
  notice.memory = memory_.facts();
  report(std::move(notice));
}

void Notifier::orphan_ended(const os::Reaped& orphan, const std::optional<std::string>& program) {
  if (std::optional<navi::MemoryFacts> memory = memory_.judgement(orphan.pid); is_oom(memory)) {
    memory->attributed = program.has_value();
    descendant_was_killed(program, std::move(*memory));
  }
}

bool Notifier::child_exited(pid_t pid, WaitStatus status) noexcept {
  return std::ranges::any_of(
      sinks_, [pid, status](const auto& sink) { return sink->child_exited(pid, status); });
}

void Notifier::descendant_was_killed(const std::optional<std::string>& program,
                                     navi::MemoryFacts facts) {
  navi::Notice notice = notice_of("REMOTE_COMMUNICATION", "type:oom\n");
  notice.kind = navi::Kind::oom;
  notice.memory = std::move(facts);
  if (program) {
    const rpc::NameSpec name = rpc::split_namespec(*program);
    notice.process.emplace();
    notice.process->group = name.group;
    notice.process->name = name.process.value_or(name.group);
  }
  report(std::move(notice));
}

void Notifier::report(navi::Notice notice) {
  // Events that are no bad news were asked for one by one.
  const bool is_limited = notice.kind && *notice.kind != navi::Kind::lost;
  const navi::Kind kind = notice.kind.value_or(navi::Kind::exit);
  const std::string origin =
      notice.process ? rpc::make_namespec(notice.process->group, notice.process->name) : "";
  const std::optional<std::uint64_t> suppressed =
      is_limited ? rate_.admit(cat({origin, account_of(kind)}), parts_.clock.now().mono) : 0;
  if (!suppressed) {
    return;  // counted; the next one tells
  }
  notice.suppressed += *suppressed;
  notice.container = this_container();
  numbering_.number(notice);
  const std::string json = navi::render(notice);
  for (const auto& sink : sinks_) {
    sink->send(notice, json);
  }
  if (writer_) {
    queue_.push(json);
    flush();
  }
}

// What is said about it ---------------------------------------------------------------------------

navi::Notice Notifier::notice_of(std::string_view event, std::string_view payload) {
  ++serial_;
  return navi::notice_from_event({.server = parts_.identifier,
                                  .serial = serial_,
                                  .pool = "navi",
                                  .pool_serial = serial_,
                                  .event_name = event},
                                 payload, parts_.clock.now().wall);
}

navi::Notice Notifier::describe(const core::Process& process, const core::StateChange& change,
                                const Logs& logs) {
  const Now now = parts_.clock.now();
  const core::Event event =
      core::process_state_event({process.config->name, process.group->shown()}, change);
  navi::Notice notice =
      notice_of(core::event_name(core::state_event_type(change.to)), event.payload);
  notice.process = process_facts(process, change, now);
  const auto run = up_since_.find(process.id);
  if (change.from == core::ProcessState::running && run != up_since_.end()) {
    notice.process->started_at = run->second.wall;
    notice.process->uptime = now.mono - run->second.mono;
  }

  navi::OutputFacts output;
  const auto channel = [&](core::Channel which, const std::optional<std::string>& file) {
    return navi::OutputFacts::Channel{file, without_escapes(words_.of(process.id, which))};
  };
  output.out = channel(core::Channel::standard_output, logs.out);
  if (!process.config->redirect_stderr) {
    output.err = channel(core::Channel::standard_error, logs.err);
  }
  notice.output = std::move(output);
  describe_memory(notice, change.pid);
  for (auto* one : {&notice.output->out, &notice.output->err}) {
    if (*one && (*one)->tail.size() > tail_bytes_) {
      (*one)->tail.erase(0, (*one)->tail.size() - tail_bytes_);
    }
  }
  return notice;
}

/// The kernel's word first; where it has none, that of the program's runtime.
void Notifier::describe_memory(navi::Notice& notice, pid_t pid) {
  const auto end = ended_.find(pid);
  if (end == ended_.end() || !notice.process->status) {
    return;  // nobody has ended
  }
  const os::Reaped& reaped = end->second;
  notice.resources =
      navi::ResourceFacts{reaped.max_memory_bytes, reaped.user_time, reaped.system_time};
  notice.memory = memory_.judgement(pid);
  if (!is_oom(notice.memory)) {
    const auto& output = *notice.output;
    for (const auto* channel : {&output.err, &output.out}) {
      const auto found =
          *channel ? navi::recognise((*channel)->tail, *notice.process->status) : std::nullopt;
      if (found) {
        std::optional<navi::MemoryFacts> kernel = std::exchange(notice.memory, memory_.facts());
        notice.memory->verdict = navi::MemoryVerdict::likely;
        notice.memory->source = navi::MemoryFacts::Source::runtime;
        notice.memory->runtime = found->runtime;
        notice.memory->pattern = found->pattern;
        if (kernel) {
          notice.memory->kills_before = kernel->kills_before;
          notice.memory->kills_after = kernel->kills_after;
        }
        break;
      }
    }
  }
  if (is_oom(notice.memory)) {
    notice.kind = navi::Kind::oom;
  }
}

// Time --------------------------------------------------------------------------------------------

std::optional<MonoTime> Notifier::deadline() const {
  std::optional<MonoTime> due = memory_.deadline();
  const auto consider = [&due](std::optional<MonoTime> other) {
    due = due && other ? std::min(*due, *other) : due ? due : other;
  };
  consider(queue_.deadline());
  for (const auto& sink : sinks_) {
    consider(sink->deadline());
  }
  return due;
}

void Notifier::deadline_reached() {
  const Now now = parts_.clock.now();
  memory_.deadline_reached();
  for (const auto& sink : sinks_) {
    sink->deadline_reached(now);
  }
  if (const auto due = queue_.deadline(); due && *due <= now.mono) {
    flush();
  }
}

void Notifier::flush() {
  const navi::NoticeQueue::Report outcome = queue_.flush(parts_.clock.now());
  if (outcome.error) {
    parts_.log.error(cat({"cannot write a notice, will try again (", std::to_string(queue_.size()),
                          " waiting): ", outcome.error->message}));
  }
}

}  // namespace sv::shell
