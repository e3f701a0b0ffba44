// What signals ask of the daemon: children that ended, the end, a reload, logs opened anew, and
// what is passed on to programs.

#include <signal.h>

#include <algorithm>
#include <utility>

#include "base/signals.h"
#include "base/text.h"
#include "os/reaper.h"
#include "rpc/names.h"
#include "shell/daemon.h"
#include "shell/signal_duty.h"

namespace sv::shell {

void Daemon::watch(int number) {
  Result<uv::Signal> watcher =
      uv::Signal::create(env_.loop, number, [this](int signal) { on_signal(signal); });
  if (watcher) {
    signals_.insert_or_assign(number, std::move(*watcher));
  } else {
    env_.log.critical(cat({"cannot watch ", signal_name(number), ": ", watcher.error().message}));
  }
}

/// What means nothing to the daemon is watched only if a program wants it. All others are watched
/// already, here or by the companion.
void Daemon::watch_forwarded(const core::Group& group) {
  for (const auto& process : group.processes()) {
    for (int number = 1; number <= SIGRTMAX; ++number) {
      if (process->config->forward_signals.contains(number) &&
          duty_of(number) == SignalDuty::pass_on && !signals_.contains(number)) {
        watch(number);
      }
    }
  }
}

bool Daemon::forwards(int number) const {
  return std::ranges::any_of(core_.groups(), [number](const auto& group) {
    return std::ranges::any_of(group->processes(), [number](const auto& process) {
      return process->config->forward_signals.contains(number);
    });
  });
}

void Daemon::forward(int number) {
  env_.log.info(cat({"received ", signal_name(number), ", passing it on"}));
  for (const auto& group : core_.groups()) {
    for (const auto& process : group->processes()) {
      if (process->config->forward_signals.contains(number) && process->record().pid > 0) {
        (void)effects_.signal(*process, number);  // what fails is in the log
      }
    }
  }
}

void Daemon::on_signal(int number) {
  const std::string name = signal_name(number);
  if (forwards(number)) {
    forward(number);
    settle();
    return;
  }
  switch (duty_of(number)) {
    case SignalDuty::reap:
      // Not here: libuv delivers as long as signals come, and while children end faster than they
      // are collected and started again, nobody else would have a turn.
      child_ended_ = true;
      reap_more_->post();
      return;
    case SignalDuty::end:
      exit_requested(name);
      break;
    case SignalDuty::reload:
      if (core_.mood() == core::Mood::shutdown) {
        env_.log.warn(
            cat({"ignored ", name, " indicating restart request (shutdown in progress)"}));
        break;
      }
      env_.log.warn(cat({"received ", name, " indicating restart request"}));
      if (const Result<void> outcome = restart(); !outcome) {
        env_.log.error(
            cat({"cannot reload, everything stays as it is: ", outcome.error().message}));
      }
      break;
    case SignalDuty::reopen_logs:
      env_.log.info(cat({"received ", name, " indicating log reopen request"}));
      reopen_logs();
      break;
    case SignalDuty::pass_on:
      break;
  }
  settle();
}

/// Asked again, it does not ask the programs again: who repeats himself has no time. The drop-in
/// does, like the reference: scripts may count on it.
void Daemon::exit_requested(const std::string& signal) {
  if (core_.mood() == core::Mood::shutdown && !env_.is_drop_in) {
    env_.log.warn(cat({"received ", signal, " again: killing everything that is left"}));
    core_.hurry(now());
    return;
  }
  env_.log.warn(cat({"received ", signal, " indicating exit request"}));
  shut_down();
}

void Daemon::end_if_decided() {
  if (end_reason_ && core_.mood() == core::Mood::running && !std::exchange(end_told_, true)) {
    env_.log.warn(cat({end_reason_->text, ", exit status ", std::to_string(end_reason_->status)}));
    shut_down();
  }
}

std::optional<Duration> Daemon::shutdown_time() const {
  const std::optional<std::chrono::seconds>& configured = config_->daemon.shutdown_deadline;
  if (configured) {
    constexpr std::chrono::seconds kLongest{std::chrono::hours{24 * 36525}};
    return configured->count() > 0 ? std::optional<Duration>(std::min(*configured, kLongest))
                                   : std::nullopt;
  }
  return !env_.is_drop_in && ::getpid() == 1 ? std::optional<Duration>(kDefaultShutdownDeadline)
                                             : std::nullopt;
}

int Daemon::exit_status() const {
  if (end_reason_) {
    return end_reason_->status;
  }
  return core_.killed().empty() || env_.is_drop_in ? 0 : kKilledStatus;
}

bool Daemon::reap() {
  const MonoTime until = now().mono + kReapTime;
  std::vector<os::Reaped> ended;
  do {
    ended = os::drain_exited(kReapBatch);
    if (notifier_) {
      notifier_->ended(ended);
    }
    for (const os::Reaped& reaped : ended) {
      collect(reaped);
    }
  } while (ended.size() == kReapBatch && now().mono < until);
  if (std::exchange(child_ended_, false)) {
    env_.log.debug("received SIGCHLD indicating a child quit");
  }
  if (ended.size() == kReapBatch) {
    reap_more_->post();  // a storm of orphans must not starve everybody else
  }
  settle();
  return ended.size() < kReapBatch;
}

void Daemon::collect(const os::Reaped& reaped) {
  if (const core::Process* process = core_.find_by_pid(reaped.pid)) {
    adoption_.ended(reaped.pid, rpc::namespec_of(*process));
  }
  if (effects_.child_exited(reaped.pid, reaped.status) ||
      (notifier_ && notifier_->child_exited(reaped.pid, reaped.status)) ||
      (env_.companion != nullptr && env_.companion->child_exited(reaped.pid, reaped.status))) {
    return;
  }
  const std::optional<std::string> program = adoption_.reaped(reaped);
  if (notifier_) {
    notifier_->orphan_ended(reaped, program);
  }
  if (env_.log.enabled(Level::debug)) {  // there may be thousands
    env_.log.debug(
        cat({"reaped unknown pid ", std::to_string(reaped.pid), " (", reaped.status.describe(), ")",
             program ? cat({", left by ", *program}) : std::string()}));
  }
}

void Daemon::reopen_logs() {
  env_.log.info("supervisord logreopen");
  env_.log.reopen();
  effects_.reopen_logs();
  for (const auto& server : servers_) {
    server->restore_socket();
  }
}

}  // namespace sv::shell
