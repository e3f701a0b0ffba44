#include "rpc/lifecycle.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/signals.h"
#include "base/text.h"
#include "rpc/group_pending.h"
#include "rpc/names.h"
#include "rpc/waiting.h"

namespace sv::rpc {
namespace {

using core::ProcessState;
using Processes = std::vector<const core::Process*>;

Outcome done() {
  return wire::XmlRpcReply(true);
}

template <class Predicate>
Processes only(Processes processes, Predicate predicate) {
  std::erase_if(processes, [&predicate](const core::Process* p) { return !predicate(p->state()); });
  return processes;
}

using Groups = std::vector<const core::Group*>;

/// What both start and stop do with their name: one process, or the members of a group.
template <class ForProcess, class ForGroup>
Outcome with_target(Services& services, std::string_view name, const ForProcess& for_process,
                    const ForGroup& for_group) {
  const OrFault<Target> target = find_target(services.host.supervisor(), name);
  if (!target) {
    return tl::unexpected(target.error());
  }
  return target->process == nullptr ? for_group(target->groups) : for_process(*target->process);
}

template <class ForGroup>
Outcome with_group(Services& services, std::string_view name, const ForGroup& for_group) {
  const auto groups = find_groups(services.host.supervisor(), name);
  if (!groups) {
    return tl::unexpected(groups.error());
  }
  return for_group(*groups);
}

// Start

Outcome start_one(Services& services, const core::Process& process, std::string_view name,
                  Wait wait) {
  // The command comes before the state: a running program whose file is gone is NO_FILE.
  if (auto fault = services.host.check_command(process.id)) {
    return tl::unexpected(std::move(*fault));
  }
  if (core::counts_as_running(process.state())) {
    return refuse(FaultCode::already_started, name);
  }
  if (process.state() == ProcessState::unknown) {
    return refuse(FaultCode::failed, cat({name, " is in an unknown process state"}));
  }
  // While it is being stopped this does nothing, as in the reference: who does not wait is told
  // "true", who waits is told that it did not come up.
  services.host.start(process.id);
  if (!process.record().spawn_error.empty()) {
    return refuse(FaultCode::spawn_error, name);
  }
  if (wait == Wait::no || process.state() == ProcessState::running) {
    return done();
  }
  return std::make_unique<StartPending>(process.id, std::string(name));
}

Outcome start_members(Services& services, Processes processes, Wait wait) {
  const auto idle = [](ProcessState state) { return !core::counts_as_running(state); };
  return for_each(only(std::move(processes), idle),
                  [&services, wait](const core::Process& process, const std::string& name) {
                    return start_one(services, process, name, wait);
                  });
}

// Stop

/// A program that has ended may wait for its restart. Who stops it does not want that.
void cancel_restarts(Services& services, const Processes& processes) {
  for (const core::Process* process : processes) {
    if (process->state() == ProcessState::exited) {
      services.host.stop(process->id);
    }
  }
}

Outcome stop_one(Services& services, const core::Process& process, std::string_view name,
                 Wait wait) {
  if (!core::counts_as_running(process.state())) {
    cancel_restarts(services, {&process});
    return refuse(FaultCode::not_running, name);
  }
  const std::string pid = std::to_string(process.record().pid);
  services.host.stop(process.id);
  if (process.state() == ProcessState::unknown) {
    return refuse(FaultCode::failed,
                  cat({"unknown problem killing ", process.config->name, " (", pid, ")"}));
  }
  if (wait == Wait::no || process.state() != ProcessState::stopping) {
    return done();
  }
  return std::make_unique<StopPending>(process.id, process.config->name, services.log);
}

Outcome stop_members(Services& services, Processes processes, Wait wait) {
  cancel_restarts(services, processes);
  return for_each(only(std::move(processes), core::counts_as_running),
                  [&services, wait](const core::Process& process, const std::string& name) {
                    return stop_one(services, process, name, wait);
                  });
}

// Signal

/// BAD_SIGNAL, or INCORRECT_PARAMETERS for what can be neither a number nor a name.
OrFault<int> read_signal(const wire::XmlRpcValue& signal) {
  std::optional<int> number;
  if (const auto* text = signal.get_if<std::string>()) {
    number = parse_signal(*text);
  } else if (const auto value = Argument<std::int64_t>::read(&signal)) {
    number = parse_signal(std::to_string(*value));
  } else {
    return refuse(FaultCode::incorrect_parameters);
  }
  if (!number) {
    return refuse(FaultCode::bad_signal, display_text(signal));
  }
  return *number;
}

Outcome signal_one(Services& services, const core::Process& process, std::string_view name,
                   const wire::XmlRpcValue& signal) {
  const OrFault<int> number = read_signal(signal);
  if (!number) {
    return tl::unexpected(number.error());
  }
  if (!core::is_signallable(process.state())) {
    return refuse(FaultCode::not_running, name);
  }
  const Result<void> sent = services.host.signal(process.id, *number);
  if (!sent && sent.error().code != ErrorCode::not_found) {  // it may just have ended by itself
    return refuse(FaultCode::failed, sent.error().message);
  }
  return done();
}

Outcome signal_members(Services& services, Processes processes, const wire::XmlRpcValue& signal) {
  return for_each(only(std::move(processes), core::is_signallable),
                  [&services, &signal](const core::Process& process, const std::string& name) {
                    return signal_one(services, process, name, signal);
                  });
}

}  // namespace

Outcome start_process(Services& services, std::string_view name, Wait wait) {
  return with_target(
      services, name,
      [&](const core::Process& process) { return start_one(services, process, name, wait); },
      [&](const Groups& groups) { return start_members(services, in_start_order(groups), wait); });
}

Outcome start_process_group(Services& services, std::string_view name, Wait wait) {
  return with_group(services, name, [&](const Groups& groups) {
    return start_members(services, in_start_order(groups), wait);
  });
}

Outcome start_all_processes(Services& services, Wait wait) {
  return start_members(services, all_in_start_order(services.host.supervisor()), wait);
}

Outcome stop_process(Services& services, std::string_view name, Wait wait) {
  return with_target(
      services, name,
      [&](const core::Process& process) { return stop_one(services, process, name, wait); },
      [&](const Groups& groups) { return stop_members(services, in_start_order(groups), wait); });
}

Outcome stop_process_group(Services& services, std::string_view name, Wait wait) {
  return with_group(services, name, [&](const Groups& groups) {
    return stop_members(services, in_start_order(groups), wait);
  });
}

Outcome stop_all_processes(Services& services, Wait wait) {
  return stop_members(services, all_in_start_order(services.host.supervisor()), wait);
}

Outcome signal_process(Services& services, std::string_view name, const wire::XmlRpcValue& signal) {
  return with_target(
      services, name,
      [&](const core::Process& process) { return signal_one(services, process, name, signal); },
      [&](const Groups& groups) {
        return signal_members(services, in_start_order(groups), signal);
      });
}

Outcome signal_process_group(Services& services, std::string_view name,
                             const wire::XmlRpcValue& signal) {
  return with_group(services, name, [&](const Groups& groups) {
    return signal_members(services, in_start_order(groups), signal);
  });
}

Outcome signal_all_processes(Services& services, const wire::XmlRpcValue& signal) {
  return signal_members(services, all_in_start_order(services.host.supervisor()), signal);
}

}  // namespace sv::rpc
