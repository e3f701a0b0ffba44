#include <cerrno>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/lifecycle.h"
#include "ctl/settling.h"

/// start, stop, restart, signal, clear: acting on processes; shutdown, reload: the daemon itself.
namespace sv::ctl {
namespace {

// The daemon has no method for the logs of a group.
constexpr Action kClear{Verb::clear, "supervisor.clearProcessLogs", "",
                        "supervisor.clearAllProcessLogs", exit_status::kGeneric};

Outcome<void> act_and_say(Session& session, const Action& action,
                          const std::vector<std::string>& names) {
  return act(session, action, names,
             [&](const ProcessResult& result) { return say_result(session, action.verb, result); });
}

// How start, stop and restart act: with --wait in another way. False: that took too long.
Outcome<bool> act_on(Session& session, const Action& action, const Arguments& arguments) {
  if (!arguments.has(CommandOption::wait)) {
    return act_and_say(session, action, arguments.words()).map([] { return true; });
  }
  Settling settling(session, arguments);
  return action.verb == Verb::start ? settling.start(arguments.words())
                                    : settling.stop(arguments.words());
}

// Whether there are names, and what --wait says is understood; if not, that has been said.
bool has_names(Session& session, const Arguments& arguments, std::string_view verb, int status) {
  if (arguments.empty()) {
    refuse(session, cat({"Error: ", verb, " requires a process name"}), verb, status);
    return false;
  }
  return Settling::limit(session, arguments, verb);
}

}  // namespace

Outcome<void> run_start(Session& session, const Arguments& arguments) {
  return has_names(session, arguments, "start", exit_status::kInvalidArguments)
             ? act_on(session, kStart, arguments).map([](bool /*in_time*/) {})
             : Outcome<void>();
}

Outcome<void> run_stop(Session& session, const Arguments& arguments) {
  return has_names(session, arguments, "stop", exit_status::kGeneric)
             ? act_on(session, kStop, arguments).map([](bool /*in_time*/) {})
             : Outcome<void>();
}

// A process that was not running is an error of its stop half and is started all the same.
Outcome<void> run_restart(Session& session, const Arguments& arguments) {
  if (!has_names(session, arguments, "restart", exit_status::kGeneric)) {
    return {};
  }
  auto stopped = act_on(session, kStop, arguments);
  if (!stopped || !*stopped) {
    return stopped ? Outcome<void>() : failed(std::move(stopped.error()));
  }
  auto up = session.check_server();  // it may be gone meanwhile
  if (!up || !*up) {
    return up ? Outcome<void>() : failed(std::move(up.error()));
  }
  return act_on(session, kStart, arguments).map([](bool /*in_time*/) {});
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
  return act_and_say(session, action, {words.begin() + 1, words.end()});
}

Outcome<void> run_clear(Session& session, const Arguments& arguments) {
  return has_names(session, arguments, "clear", exit_status::kGeneric)
             ? act_and_say(session, kClear, arguments.words())
             : Outcome<void>();
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
