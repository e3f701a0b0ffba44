#include "core/exit_contract.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace sv::core {
namespace {

/// Of a program that never ran: "command not found" in a shell.
constexpr int kNeverRan = 127;

/// A program that came to nothing has failed, whatever it returned.
int failure_status(const Process& process) {
  const std::optional<WaitStatus>& last = process.record().last_exit;
  if (!last) {
    return kNeverRan;
  }
  return std::max(last->shell_status(), 1);
}

std::string how(const Process& process) {
  const std::optional<WaitStatus>& last = process.record().last_exit;
  return last ? last->describe() : process.record().spawn_error;
}

bool ends_with_exit(const Process& process) {
  return process.config->on_exit == config::OnExit::shutdown;
}

/// No container exists for its event listeners: the general rules pass them over.
bool is_listener(const config::GroupConfig& group) {
  return group.event_pool.has_value();
}

bool ends_with_fatal(config::ExitOn rule, const Process& process) {
  return (rule == config::ExitOn::any_fatal && !is_listener(*process.group)) ||
         process.config->on_fatal == config::OnFatal::shutdown || ends_with_exit(process);
}

/// Down for good: nobody is about to start it again.
bool is_over(const Process& process) {
  return counts_as_stopped(process.state()) && !process.machine.deadline();
}

/// The first failure in start order; 0 when all went well.
int worst_status(const GroupList& groups) {
  for (const auto& group : groups) {
    if (is_listener(group->config())) {
      continue;
    }
    for (const auto& process : group->processes()) {
      if (process->state() == ProcessState::fatal) {
        return failure_status(*process);
      }
      const std::optional<WaitStatus>& last = process->record().last_exit;
      if (process->state() == ProcessState::exited && last && last->shell_status() != 0) {
        return last->shell_status();
      }
    }
  }
  return 0;
}

bool all_over(const GroupList& groups) {
  return std::ranges::all_of(groups, [](const auto& group) {
    return is_listener(group->config()) ||
           std::ranges::all_of(group->processes(), [](const auto& p) { return is_over(*p); });
  });
}

}  // namespace

std::optional<EndReason> reason_to_end(config::ExitOn rule, const GroupList& groups,
                                       const Process& process, const StateChange& change) {
  const std::string& name = process.config->name;
  if (change.to == ProcessState::fatal && ends_with_fatal(rule, process)) {
    return EndReason{failure_status(process),
                     cat({"ending: ", name, " is FATAL (", how(process), ")"})};
  }
  if (change.to == ProcessState::exited && ends_with_exit(process) && change.status) {
    return EndReason{change.status->shell_status(),
                     cat({"ending: ", name, " has ended (", change.status->describe(), ")"})};
  }
  const bool ended_by_itself = !is_listener(*process.group) && (change.to == ProcessState::exited ||
                                                                change.to == ProcessState::fatal);
  if (rule == config::ExitOn::all_exited && ended_by_itself && all_over(groups)) {
    return EndReason{worst_status(groups), cat({"ending: all programs have ended, ", name,
                                                " as the last one (", how(process), ")"})};
  }
  return std::nullopt;
}

}  // namespace sv::core
