#include "shell/notifier.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

/// Tells the runs of one daemon apart; nothing secret.
std::uint32_t run_number(const Clock& clock) {
  const auto ticks = static_cast<std::uint64_t>(clock.now().wall.time_since_epoch().count());
  return static_cast<std::uint32_t>(ticks ^ (ticks >> 32)) ^ static_cast<std::uint32_t>(::getpid());
}

std::string last_bytes(const std::optional<std::string>& path) {
  if (!path) {
    return {};
  }
  const Result<std::uint64_t> size = os::file_size(*path);
  if (!size) {
    return {};
  }
  const std::uint64_t length = std::min<std::uint64_t>(*size, navi::LogFacts::kMaxTailBytes);
  return os::read_file(*path, *size - length, length).value_or(std::string());
}

core::EventType event_type(const core::StateChange& change) {
  return change.to == core::ProcessState::exited    ? core::EventType::process_state_exited
         : change.to == core::ProcessState::backoff ? core::EventType::process_state_backoff
                                                    : core::EventType::process_state_fatal;
}

}  // namespace

Notifier::Notifier(std::string directory, std::string identifier, const Clock& clock,
                   ActivityLog& log)
    : identifier_(std::move(identifier)),
      clock_(clock),
      log_(log),
      // Not synced: that would stop the loop for as long as the disk likes. A notice is complete or
      // not there whatever becomes of this process; only a crash of the machine may lose it.
      writer_({.directory = std::move(directory), .sync = false}),
      queue_(
          [this](const std::string& content, WallTime now) { return writer_.write(content, now); }),
      numbering_(run_number(clock)) {}

bool Notifier::is_news(const core::StateChange& change) {
  switch (change.to) {
    case core::ProcessState::exited:
      return !change.expected;
    case core::ProcessState::backoff:
    case core::ProcessState::fatal:
      return true;
    case core::ProcessState::stopped:
    case core::ProcessState::starting:
    case core::ProcessState::running:
    case core::ProcessState::stopping:
    case core::ProcessState::unknown:
      return false;
  }
  return false;
}

void Notifier::report(const core::Process& process, const core::StateChange& change,
                      const Logs& logs) {
  navi::Notice notice = describe(process, change, logs);
  numbering_.number(notice);
  ++serial_;
  queue_.push(navi::render(notice));
  flush();
}

navi::Notice Notifier::describe(const core::Process& process, const core::StateChange& change,
                                const Logs& logs) const {
  const Now now = clock_.now();
  const core::Event event =
      core::process_state_event({process.config->name, process.group->shown()}, change);
  navi::Notice notice =
      navi::notice_from_event({.server = identifier_,
                               .serial = serial_,
                               .pool = "navi",
                               .pool_serial = serial_,
                               .event_name = core::event_name(event_type(change))},
                              event.payload, now.wall);
  const core::ProcessRecord& record = process.record();
  const bool is_fatal = change.to == core::ProcessState::fatal;
  notice.kind = is_fatal ? navi::Kind::fatal : navi::Kind::crash;
  notice.phase =
      change.to == core::ProcessState::exited ? navi::Phase::running : navi::Phase::starting;
  navi::ProcessFacts facts;
  facts.name = process.config->name;
  facts.group = process.group->shown();
  if (change.pid != 0) {
    facts.pid = change.pid;
  }
  facts.command = process.config->command;
  if (process.config->user) {
    facts.user = process.config->user->name;
  }
  facts.started_at = record.started;
  facts.ended_at = now.wall;
  if (record.started_mono) {
    facts.uptime = now.mono - *record.started_mono;
  }
  facts.status = change.status;
  facts.stopped_by_supervisor = false;
  facts.restarts = record.spawns > 0 ? record.spawns - 1 : 0;
  facts.will_restart = !is_fatal && (change.to == core::ProcessState::backoff ||
                                     process.config->autorestart != config::AutoRestart::never);
  notice.process = std::move(facts);
  // What the program said last is on stderr if it said anything there, else in its log.
  std::string tail = last_bytes(logs.err);
  const std::optional<std::string>& file = tail.empty() ? logs.out : logs.err;
  if (tail.empty()) {
    tail = last_bytes(logs.out);
  }
  if (file) {
    notice.log = navi::LogFacts{*file, std::move(tail)};
  }
  return notice;
}

void Notifier::flush() {
  const navi::NoticeQueue::Report report = queue_.flush(clock_.now());
  if (report.error) {
    log_.error(cat({"cannot write a notice, will try again (", std::to_string(queue_.size()),
                    " waiting): ", report.error->message}));
  }
}

}  // namespace sv::shell
