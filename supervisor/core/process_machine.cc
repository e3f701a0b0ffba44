#include "core/process_machine.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/duration_text.h"
#include "base/signals.h"
#include "base/text.h"

namespace sv::core {

namespace {

/// A century: far enough to mean "never", near enough to be added to any clock reading.
constexpr std::chrono::seconds kLongestWait{std::chrono::hours{24 * 36525}};

/// A configured number of seconds as something that can be added to a time point: what is negative
/// counts as none, what would overflow as never.
std::chrono::seconds bounded(std::chrono::seconds configured) {
  return std::clamp(configured, std::chrono::seconds{0}, kLongestWait);
}

}  // namespace

ProcessMachine::ProcessMachine(const config::ProcessConfig& config) : config_(&config) {}

std::vector<Effect> ProcessMachine::feed(const Stimulus& stimulus, Now now) {
  std::visit([this, now](const auto& what) { on(what, now); }, stimulus);
  std::vector<Effect> effects = std::exchange(effects_, {});
  const auto announces = [](const Effect& effect) {
    return std::holds_alternative<effect::Announce>(effect);
  };
  if (std::ranges::any_of(effects, announces)) {
    record_.since = now.wall;
  }
  return effects;
}

void ProcessMachine::on(const stimulus::Start& start, Now now) {
  once_ = start.once;
  switch (state_) {
    case ProcessState::stopped:
    case ProcessState::exited:
    case ProcessState::fatal:
      if (!daemon_stopping_) {
        spawn(now);
      }
      return;
    case ProcessState::stopping:
      log(Level::warn, {"process '", config_->name, "' already running"});
      return;
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::backoff:
    case ProcessState::unknown:
      return;
  }
}

void ProcessMachine::on(const stimulus::Hurry& /*hurry*/, Now now) {
  switch (state_) {
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::stopping:
      if (record_.pid == 0) {
        stop_wanted_ = true;
      } else {
        kill_now(now);
      }
      return;
    case ProcessState::backoff:
      stop_in_backoff();
      return;
    case ProcessState::stopped:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return;
  }
}

void ProcessMachine::on(const stimulus::Stop& stop, Now now) {
  switch (state_) {
    case ProcessState::starting:
      if (record_.pid == 0) {
        stop_wanted_ = true;  // there is nothing to signal until Spawn is answered
        return;
      }
      begin_stop(now, stop.kill_by);
      return;
    case ProcessState::running:
      begin_stop(now, stop.kill_by);
      return;
    case ProcessState::backoff:
      stop_in_backoff();
      return;
    case ProcessState::exited:
      deadline_.reset();  // stays EXITED: nothing ran, but the throttled restart is off
      return;
    case ProcessState::stopped:
    case ProcessState::stopping:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return;
  }
}

void ProcessMachine::on(const stimulus::Spawned& spawned, Now now) {
  if (state_ != ProcessState::starting || record_.pid != 0) {
    return;  // nobody asked: Spawn is emitted on entry to STARTING only
  }
  // The request may have waited in the queue: what counts is how long the child has been up.
  record_.started = now.wall;
  record_.started_mono = now.mono;
  record_.pid = spawned.pid;
  ++record_.spawns;
  log(Level::info, {"spawned: '", config_->name, "' with pid ", std::to_string(record_.pid)});
  if (std::exchange(stop_wanted_, false)) {
    begin_stop(now);
    return;
  }
  deadline_ = now.mono + bounded(config_->start_secs);
  on(stimulus::Deadline{}, now);  // without start_secs it is up at once
}

void ProcessMachine::on(const stimulus::SpawnFailed& failed, Now now) {
  if (state_ != ProcessState::starting || record_.pid != 0) {
    return;
  }
  record_.spawn_error = failed.reason;
  log(Level::info, {"spawnerr: ", failed.reason});
  ++record_.backoff;
  enter(ProcessState::backoff);
  retry_or_give_up(now);
}

void ProcessMachine::on(const stimulus::Exited& exited, Now now) {
  if (record_.pid == 0) {
    return;
  }
  record_.stopped = now.wall;
  record_.last_exit = exited.status;
  switch (state_) {
    case ProcessState::starting:
      if (now.mono - *record_.started_mono < bounded(config_->start_secs)) {
        ended_early(exited.status, now);
        return;
      }
      come_up();  // it had, but died before anybody noticed: no "success" line
      ended_when_up(exited.status, now);
      return;
    case ProcessState::running:
      ended_when_up(exited.status, now);
      return;
    case ProcessState::stopping:
    case ProcessState::unknown:
      ended_after_stop(exited.status);
      return;
    case ProcessState::stopped:
    case ProcessState::backoff:
    case ProcessState::exited:
    case ProcessState::fatal:
      return;  // no process in these states
  }
}

void ProcessMachine::on(const stimulus::Handover& handover, Now /*now*/) {
  if (record_.pid != 0) {
    record_.pid = handover.pid;
  }
}

void ProcessMachine::on(const stimulus::Deadline& /*deadline*/, Now now) {
  if (!deadline_ || now.mono < *deadline_) {
    return;  // stale: what it was set for has been overtaken
  }
  switch (state_) {
    case ProcessState::starting:
      come_up();
      log(Level::info,
          {"success: ", config_->name, " entered RUNNING state, process has stayed up for > than ",
           std::to_string(config_->start_secs.count()), " seconds (startsecs)"});
      return;
    case ProcessState::backoff:
    case ProcessState::exited:
      spawn(now);
      return;
    case ProcessState::stopping:
      kill_now(now);
      return;
    case ProcessState::stopped:
    case ProcessState::running:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return;  // these wait for nothing
  }
}

void ProcessMachine::on(const stimulus::KillFailed& failed, Now /*now*/) {
  switch (state_) {
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::stopping:
      break;
    case ProcessState::stopped:
    case ProcessState::backoff:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return;
  }
  if (record_.pid == 0) {
    return;
  }
  const std::string_view doing = state_ == ProcessState::stopping ? "unknown problem killing "
                                                                  : "unknown problem sending sig ";
  log(Level::critical,
      {doing, config_->name, " (", std::to_string(record_.pid), "):", failed.reason});
  enter(ProcessState::unknown);
}

void ProcessMachine::on(const stimulus::DaemonStopping& /*stopping*/, Now /*now*/) {
  daemon_stopping_ = true;
  switch (state_) {
    case ProcessState::backoff:
    case ProcessState::exited:
      deadline_.reset();  // of a planned start
      return;
    case ProcessState::stopped:
    case ProcessState::starting:
    case ProcessState::running:
    case ProcessState::stopping:
    case ProcessState::fatal:
    case ProcessState::unknown:
      return;
  }
}

void ProcessMachine::enter(ProcessState to, std::optional<WaitStatus> ended) {
  StateChange change;
  change.from = state_;
  change.to = to;
  change.pid = record_.pid;
  change.tries = record_.backoff;
  change.expected = to != ProcessState::exited || !ended || is_expected(*ended);
  change.status = ended;
  state_ = to;
  deadline_.reset();
  effects_.emplace_back(effect::Announce{change});
}

void ProcessMachine::spawn(Now now) {
  record_.started = now.wall;
  record_.started_mono = now.mono;
  record_.spawn_error.clear();
  record_.exit_status = 0;
  enter(ProcessState::starting);
  effects_.emplace_back(effect::Spawn{});
}

void ProcessMachine::come_up() {
  record_.backoff = 0;
  enter(ProcessState::running);
}

void ProcessMachine::begin_stop(Now now, std::optional<MonoTime> kill_by) {
  kill(config_->stop_signal, config_->stop_as_group);
  deadline_ = now.mono + bounded(config_->stop_wait);
  if (kill_by && *kill_by < *deadline_) {
    deadline_ = kill_by;
    const auto left = std::max(*kill_by - now.mono, Duration{});
    log(Level::warn, {config_->name, " gets ", decimal_seconds(left),
                      " s of its stopwaitsecs=", std::to_string(config_->stop_wait.count()),
                      ": everything must be down in time"});
  }
}

void ProcessMachine::kill_now(Now now) {
  log(Level::warn,
      {"killing '", config_->name, "' (", std::to_string(record_.pid), ") with SIGKILL"});
  kill(SIGKILL, config_->kill_as_group);
  // Some processes outlive SIGKILL for a while (uninterruptible sleep): keep trying.
  deadline_ = now.mono + std::max(bounded(config_->stop_wait), kKillInterval);
}

void ProcessMachine::kill(int signal, bool to_group) {
  log(Level::debug,
      {"killing ", config_->name, " (pid ", std::to_string(record_.pid), ") ",
       to_group ? "process group with signal " : "with signal ", signal_name(signal)});
  if (state_ != ProcessState::stopping) {
    enter(ProcessState::stopping);
  }
  effects_.emplace_back(effect::Kill{signal, to_group, record_.pid});
}

void ProcessMachine::ended_early(WaitStatus status, Now now) {
  record_.spawn_error = "Exited too quickly (process log may have details)";
  ++record_.backoff;
  enter(ProcessState::backoff, status);
  log(Level::warn, {"exited: ", config_->name, " (", status.describe(), "; not expected)"});
  record_.pid = 0;
  retry_or_give_up(now);
}

void ProcessMachine::ended_when_up(WaitStatus status, Now now) {
  const bool expected = is_expected(status);
  record_.exit_status = status.exit_code();
  record_.backoff = 0;
  if (!expected) {
    record_.spawn_error = cat({"Bad exit code ", std::to_string(record_.exit_status)});
  }
  enter(ProcessState::exited, status);
  log(expected ? Level::info : Level::warn, {"exited: ", config_->name, " (", status.describe(),
                                             expected ? "; expected)" : "; not expected)"});
  record_.pid = 0;
  plan_restart(expected, now);
}

void ProcessMachine::ended_after_stop(WaitStatus status) {
  record_.exit_status = status.exit_code();
  enter(ProcessState::stopped, status);
  log(is_expected(status) ? Level::info : Level::warn,
      {"stopped: ", config_->name, " (", status.describe(), ")"});
  record_.pid = 0;
}

void ProcessMachine::retry_or_give_up(Now now) {
  const bool stop_wanted = std::exchange(stop_wanted_, false);
  if (!config_->retry_pause && record_.backoff > config_->start_retries) {
    record_.backoff = 0;
    enter(ProcessState::fatal);
    log(Level::info,
        {"gave up: ", config_->name, " entered FATAL state, too many start retries too quickly"});
  } else if (stop_wanted) {
    stop_in_backoff();
  } else if (!daemon_stopping_) {
    deadline_ = now.mono + config_->retry_pause.value_or(std::chrono::seconds{record_.backoff});
  }
}

void ProcessMachine::stop_in_backoff() {
  if (daemon_stopping_) {
    record_.backoff = 0;
    enter(ProcessState::fatal);
    return;
  }
  // The count stays: a start afterwards continues the series of failures.
  log(Level::debug, {"Attempted to kill ", config_->name, ", which is in BACKOFF state."});
  enter(ProcessState::stopped);
}

void ProcessMachine::plan_restart(bool expected, Now now) {
  const bool wanted = config_->autorestart == config::AutoRestart::always ||
                      (config_->autorestart == config::AutoRestart::unexpected && !expected);
  if (!wanted || once_ || daemon_stopping_ || config_->on_exit != config::OnExit::restart) {
    return;
  }
  const MonoTime due = *record_.started_mono + kRestartThrottle;
  if (now.mono >= due) {
    spawn(now);
  } else {
    deadline_ = due;
  }
}

bool ProcessMachine::is_expected(WaitStatus status) const {
  const auto& codes = config_->exit_codes;
  return std::find(codes.begin(), codes.end(), status.exit_code()) != codes.end();
}

void ProcessMachine::log(Level level, std::initializer_list<std::string_view> text) {
  effects_.emplace_back(effect::Log{level, cat(text)});
}

}  // namespace sv::core
