#include "ctl/commands.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "ctl/render.h"

namespace sv::ctl {
namespace {

Outcome<void> run_quit(Session& session, std::string_view /*argument*/) {
  session.say("");
  session.quit();
  return {};
}

constexpr std::array kCommands{
    Command{"EOF", run_quit, ServerCheck::none, Completes::nothing, ""},
    Command{"add", run_add, ServerCheck::none, Completes::groups,
            "add <name> [...]\tActivate process groups that the last reread found"},
    Command{"avail", run_avail, ServerCheck::none, Completes::nothing,
            "avail\t\t\tList the configured processes, active or not"},
    Command{"clear", run_clear, ServerCheck::before, Completes::processes,
            "clear <name>\t\tEmpty the log files of a process\n"
            "clear <name> <name>\tEmpty the log files of several processes\n"
            "clear all\t\tEmpty the log files of all processes"},
    Command{"exit", run_quit, ServerCheck::none, Completes::nothing, "exit\tLeave the shell"},
    Command{"fg", run_fg, ServerCheck::before, Completes::processes,
            "fg <process>\tSee a process's output and type to its input\n"
            "\t\tCtrl-C comes back"},
    Command{"help", run_help, ServerCheck::none, Completes::actions,
            "help\t\tList the actions\n"
            "help <action>\tExplain an action"},
    Command{"maintail", run_maintail, ServerCheck::before, Completes::nothing,
            "maintail -f \tFollow the daemon's own log; Ctrl-C comes back\n"
            "maintail -100\tShow the last 100 bytes of the daemon's own log\n"
            "maintail\tShow the last 1600 bytes of it"},
    Command{"open", run_open, ServerCheck::none, Completes::nothing,
            "open <url>\tTalk to another daemon from now on\n"
            "\t\t(http://host:port or unix:///path)"},
    Command{"pid", run_pid, ServerCheck::before, Completes::processes,
            "pid\t\t\tShow the daemon's process id\n"
            "pid <name>\t\tShow the process id of a process\n"
            "pid all\t\t\tShow the process ids of all processes, one a line"},
    Command{"quit", run_quit, ServerCheck::none, Completes::nothing, "quit\tLeave the shell"},
    Command{"reload", run_reload, ServerCheck::none, Completes::nothing,
            "reload\t\t\tRestart the daemon with a fresh configuration"},
    Command{"remove", run_remove, ServerCheck::none, Completes::groups,
            "remove <name> [...]\tDeactivate process groups that are stopped"},
    Command{"reread", run_reread, ServerCheck::none, Completes::nothing,
            "reread\t\t\tRead the configuration and tell what would change; update applies it"},
    Command{"restart", run_restart, ServerCheck::before, Completes::processes,
            "restart <name>\t\tStop and start a process\n"
            "restart <gname>:*\tStop and start all processes of a group\n"
            "restart <name> <name>\tStop and start several processes or groups\n"
            "restart all\t\tStop and start all processes\n"
            "The configuration is not read again; reread and update do that."},
    Command{"shutdown", run_shutdown, ServerCheck::none, Completes::nothing,
            "shutdown\t\tStop all processes and the daemon"},
    Command{"signal", run_signal, ServerCheck::before, Completes::processes,
            "signal <signal> <name>\t\tSend a signal to a process\n"
            "signal <signal> <gname>:*\tSend it to all processes of a group\n"
            "signal <signal> <name> <name>\tSend it to several processes or groups\n"
            "signal <signal> all\t\tSend it to all processes"},
    Command{"start", run_start, ServerCheck::before, Completes::processes,
            "start <name>\t\tStart a process and wait until it runs\n"
            "start <gname>:*\t\tStart all processes of a group\n"
            "start <name> <name>\tStart several processes or groups\n"
            "start all\t\tStart all processes"},
    Command{"status", run_status, ServerCheck::none, Completes::processes,
            "status <name>\t\tShow the state of a process\n"
            "status <gname>:*\tShow the states of a group's processes\n"
            "status <name> <name>\tShow the states of several processes or groups\n"
            "status\t\t\tShow the states of all processes"},
    Command{"stop", run_stop, ServerCheck::before, Completes::processes,
            "stop <name>\t\tStop a process and wait until it has gone\n"
            "stop <gname>:*\t\tStop all processes of a group\n"
            "stop <name> <name>\tStop several processes or groups\n"
            "stop all\t\tStop all processes"},
    Command{"tail", run_tail, ServerCheck::before, Completes::processes,
            "tail [-f|-N] <name> [stdout|stderr]\t(stdout unless told otherwise)\n"
            "For example:\n"
            "tail -f <name>\t\tFollow what a process writes; Ctrl-C comes back\n"
            "tail -100 <name>\tShow the last 100 bytes of its stdout\n"
            "tail <name> stderr\tShow the last 1600 bytes of its stderr"},
    Command{"update", run_update, ServerCheck::none, Completes::groups,
            "update\t\t\tRead the configuration; add, remove and restart what it changes\n"
            "update all\t\tThe same\n"
            "update <gname> [...]\tThe same for some groups only"},
    Command{"version", run_version, ServerCheck::none, Completes::nothing,
            "version\t\t\tShow the daemon's version"},
};
static_assert(std::ranges::is_sorted(kCommands, {}, &Command::verb));

// The reference's list leaves these two out.
bool is_listed(const Command& command) {
  return command.verb != "EOF" && command.verb != "help";
}

// A verb ends at the first character that cannot be part of one: "quit;" has the argument ";".
bool is_verb_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "?x" is short for "help x".
std::string normalised(std::string_view text) {
  text = trim(text);
  return text.starts_with('?') ? cat({"help ", text.substr(1)}) : std::string(text);
}

Outcome<void> check_and_run(Session& session, const Command& command, std::string_view argument) {
  if (command.server_check == ServerCheck::before) {
    auto up = session.check_server();
    if (!up) {
      return failed(std::move(up.error()));
    }
    if (!*up) {
      return {};
    }
  }
  return command.run(session, argument);
}

bool is_unauthorized(const Failure& failure) {
  const auto* http = std::get_if<HttpFailure>(&failure);
  return http != nullptr && http->status == 401;
}

// Runs a command, asking for credentials as long as the server wants them and someone is there to
// ask.
Outcome<void> run_authorized(Session& session, const Command& command, std::string_view argument) {
  for (;;) {
    auto outcome = check_and_run(session, command, argument);
    if (outcome || !is_unauthorized(outcome.error())) {
      return outcome;
    }
    session.say("Server requires authentication");
    if (!session.settings().interactive) {
      return outcome;
    }
    if (auto asked = session.ask_credentials(); !asked) {
      return asked;
    }
  }
}

void report(Session& session, const Failure& failure) {
  if (std::holds_alternative<Interrupted>(failure)) {
    session.say("");  // as at the prompt: Ctrl-C leaves the shell
    session.quit();
    return;
  }
  session.say(error_line(failure));
  session.set_exit_status(exit_status::kGeneric);
  session.hint(failure);
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view verb) {
  const auto* found = std::ranges::lower_bound(kCommands, verb, {}, &Command::verb);
  return found != kCommands.end() && found->verb == verb ? found : nullptr;
}

void run_line(Session& session, std::string_view line) {
  const std::string text = normalised(line);
  if (text.empty()) {
    return;
  }
  const std::string_view whole = text;
  const auto end = std::ranges::find_if_not(whole, is_verb_char);
  const auto length = static_cast<std::size_t>(end - whole.begin());
  const Command* command = find_command(whole.substr(0, length));
  if (command == nullptr) {
    session.say(cat({"*** Unknown syntax: ", whole}));
    session.set_exit_status(exit_status::kGeneric);
  } else if (auto outcome = run_authorized(session, *command, trim(whole.substr(length)));
             !outcome) {
    report(session, outcome.error());
  }
  session.end_command();
}

void refuse(Session& session, std::string_view message, std::string_view verb, int status) {
  session.say(message);
  session.set_exit_status(status);
  (void)run_help(session, verb);
}

Outcome<void> run_help(Session& session, std::string_view argument) {
  if (!argument.empty()) {
    const Command* command = find_command(argument);
    const bool known = command != nullptr && !command->help.empty();
    session.say(known ? std::string(command->help) : cat({"*** No help on ", argument}));
    return {};
  }
  constexpr std::string_view kHeader = "default commands (type help <topic>):";
  constexpr std::size_t kWidth = 79;
  std::vector<std::string> verbs;
  for (const Command& command : kCommands) {
    if (is_listed(command)) {
      verbs.emplace_back(command.verb);
    }
  }
  session.say("");
  session.say(kHeader);
  session.say(std::string(kHeader.size(), '='));
  session.console().out.write(columns(verbs, kWidth));
  session.say("");
  return {};
}

}  // namespace sv::ctl
