#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/render.h"

/// start, stop, restart, signal, clear: acting on processes; shutdown, reload: the daemon itself.
namespace sv::ctl {
namespace {

/// A verb's methods for one process, one group and everything, and what they are given besides.
struct Action {
  Verb verb;
  std::string_view process_method;
  std::string_view group_method;  ///< empty: "group:*" is a name like any other, and refused
  std::string_view all_method;
  int unknown_group_status;
  std::string_view signal = {};

  [[nodiscard]] wire::XmlRpcArray params(std::string_view name = {}) const {
    wire::XmlRpcArray list;
    if (!name.empty()) {
      list.emplace_back(name);
    }
    if (!signal.empty()) {
      list.emplace_back(signal);
    }
    return list;
  }
};

constexpr Action kStart{Verb::start, "supervisor.startProcess", "supervisor.startProcessGroup",
                        "supervisor.startAllProcesses", exit_status::kInvalidArguments};
constexpr Action kStop{Verb::stop, "supervisor.stopProcess", "supervisor.stopProcessGroup",
                       "supervisor.stopAllProcesses", exit_status::kGeneric};
// The daemon has no method for the logs of a group.
constexpr Action kClear{Verb::clear, "supervisor.clearProcessLogs", "",
                        "supervisor.clearAllProcessLogs", exit_status::kGeneric};

Outcome<void> report(Session& session, Verb verb, const ProcessResult& result) {
  const auto line = result_line(verb, result);
  if (!line) {
    return failed(unknown_result(result));
  }
  session.say(*line);
  if (const auto status = result_exit_status(verb, result.status)) {
    session.set_exit_status(*status);
  }
  return {};
}

Outcome<void> report_all(Session& session, Verb verb, const wire::XmlRpcValue& results) {
  for (const wire::XmlRpcValue& result : elements_of(results)) {
    auto outcome =
        report(session, verb,
               {make_namespec(text_of(result, "group"), text_of(result, "name")),
                static_cast<int>(integer_of(result, "status")), text_of(result, "description")});
    if (!outcome) {
      return outcome;
    }
  }
  return {};
}

Outcome<void> act_on_group(Session& session, const Action& action, const std::string& group) {
  auto results = session.call(action.group_method, action.params(group));
  if (results) {
    return report_all(session, action.verb, *results);
  }
  if (fault_code(results.error()) != fault::kBadName) {
    return failed(std::move(results.error()));
  }
  session.say(cat({group, ": ERROR (no such group)"}));
  session.set_exit_status(action.unknown_group_status);
  return {};
}

Outcome<void> act_on_process(Session& session, const Action& action, std::string_view name,
                             const Namespec& spec) {
  ProcessResult result{make_namespec(spec.group, spec.process.value_or("*")), fault::kSuccess, {}};
  auto reply = session.call(action.process_method, action.params(name));
  if (!reply) {
    const auto* fault = std::get_if<wire::XmlRpcFault>(&reply.error());
    if (fault == nullptr) {
      return failed(std::move(reply.error()));
    }
    result.status = fault->code;
    result.description = fault->text;
  }
  return report(session, action.verb, result);
}

Outcome<void> act(Session& session, const Action& action, const std::vector<std::string>& names) {
  if (std::ranges::find(names, "all") != names.end()) {
    auto results = session.call(action.all_method, action.params());
    return results ? report_all(session, action.verb, *results)
                   : failed(std::move(results.error()));
  }
  for (const std::string& name : names) {
    const Namespec spec = split_namespec(name);
    auto outcome = spec.process || action.group_method.empty()
                       ? act_on_process(session, action, name, spec)
                       : act_on_group(session, action, spec.group);
    if (!outcome) {
      return outcome;
    }
  }
  return {};
}

}  // namespace

Outcome<void> run_start(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (names.empty()) {
    refuse(session, "Error: start requires a process name", "start",
           exit_status::kInvalidArguments);
    return {};
  }
  return act(session, kStart, names);
}

Outcome<void> run_stop(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (names.empty()) {
    refuse(session, "Error: stop requires a process name", "stop");
    return {};
  }
  return act(session, kStop, names);
}

// A process that was not running is an error of its stop half and is started all the same.
Outcome<void> run_restart(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (names.empty()) {
    refuse(session, "Error: restart requires a process name", "restart");
    return {};
  }
  auto stopped = act(session, kStop, names);
  if (!stopped) {
    return stopped;
  }
  auto up = session.check_server();  // it may be gone meanwhile
  if (!up || !*up) {
    return up ? Outcome<void>() : failed(std::move(up.error()));
  }
  return act(session, kStart, names);
}

Outcome<void> run_signal(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words();
  if (words.size() < 2) {
    refuse(session, "Error: signal requires a signal name and a process name", "signal");
    return {};
  }
  const Action action{Verb::signal,
                      "supervisor.signalProcess",
                      "supervisor.signalProcessGroup",
                      "supervisor.signalAllProcesses",
                      exit_status::kGeneric,
                      words.front()};
  return act(session, action, {words.begin() + 1, words.end()});
}

Outcome<void> run_clear(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (names.empty()) {
    refuse(session, "Error: clear requires a process name", "clear");
    return {};
  }
  return act(session, kClear, names);
}

namespace {

// Whoever types at a prompt is asked; a script has said what it wants.
Outcome<bool> confirmed(Session& session, std::string_view question) {
  if (!session.settings().interactive) {
    return true;
  }
  auto answer = session.ask(question);
  if (!answer) {
    return failed(std::move(answer.error()));
  }
  return answer->starts_with('y') || answer->starts_with('Y');
}

}  // namespace

Outcome<void> run_shutdown(Session& session, const Arguments& arguments) {
  if (!arguments.empty()) {
    refuse(session, "Error: shutdown accepts no arguments", "shutdown");
    return {};
  }
  auto sure = confirmed(session, "Really shut the remote supervisord process down y/N? ");
  if (!sure || !*sure) {
    return sure ? Outcome<void>() : failed(std::move(sure.error()));
  }
  auto reply = session.call("supervisor.shutdown");
  if (reply) {
    session.say("Shut down");
    return {};
  }
  const Failure& failure = reply.error();
  if (fault_code(failure) == fault::kShutdownState) {
    session.say("ERROR: already shutting down");  // wanted and so: exit status 0
    return {};
  }
  const int err = system_error(failure);
  if (err != ECONNREFUSED && err != ENOENT) {
    return failed(failure);
  }
  session.say(
      cat({"ERROR: ", session.endpoint().server_url,
           err == ENOENT ? " no such file" : " refused connection", " (already shut down?)"}));
  session.set_exit_status(exit_status::kGeneric);
  session.hint(failure);
  return {};
}

Outcome<void> run_reload(Session& session, const Arguments& arguments) {
  if (!arguments.empty()) {
    refuse(session, "Error: reload accepts no arguments", "reload");
    return {};
  }
  auto sure = confirmed(session, "Really restart the remote supervisord process y/N? ");
  if (!sure || !*sure) {
    return sure ? Outcome<void>() : failed(std::move(sure.error()));
  }
  auto reply = session.call("supervisor.restart");
  if (reply) {
    session.say("Restarted supervisord");
    return {};
  }
  if (fault_code(reply.error()) != fault::kShutdownState) {
    return failed(std::move(reply.error()));
  }
  session.say("ERROR: already shutting down");
  session.set_exit_status(exit_status::kGeneric);
  return {};
}

}  // namespace sv::ctl
