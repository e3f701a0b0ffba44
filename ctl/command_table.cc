#include <algorithm>
#include <array>

#include "base/text.h"
#include "ctl/commands.h"

/// The table of commands, and nothing that runs one.
namespace sv::ctl {
namespace {

Outcome<void> run_quit(Session& session, const Arguments& /*arguments*/) {
  session.say("");
  session.quit();
  return {};
}

constexpr std::array kJson{CommandOption::json};
constexpr std::array kJsonAndWatch{CommandOption::json, CommandOption::watch};
constexpr std::array kLogOptions{CommandOption::follow, CommandOption::lines,
                                 CommandOption::since_start, CommandOption::out,
                                 CommandOption::err};
constexpr std::array kHealthOptions{CommandOption::ready, CommandOption::timeout};
constexpr std::array kWait{CommandOption::wait};
constexpr std::array kJsonAndWait{CommandOption::json, CommandOption::wait};

constexpr std::array kCommands{
    Command{"EOF", run_quit, ServerCheck::none, Takes::nothing, ""},
    Command{"add", run_add, ServerCheck::none, Takes::new_groups,
            "add <name> [...]\tActivate process groups that the last reread found"},
    Command{"avail", run_avail, ServerCheck::none, Takes::nothing,
            "avail\t\t\tList the configured processes, active or not", kJson},
    Command{"clear", run_clear, ServerCheck::before, Takes::each_process,
            "clear <name>\t\tEmpty the log files of a process\n"
            "clear <name> <name>\tEmpty the log files of several processes\n"
            "clear all\t\tEmpty the log files of all processes"},
    Command{"exit", run_quit, ServerCheck::none, Takes::nothing, "exit\tLeave the shell"},
    Command{"explain",
            run_explain,
            ServerCheck::before,
            Takes::each_process,
            "explain <name>\t\tTell what a process does and why: its last exit, when it will be\n"
            "\t\t\ttried again, what it uses, and the end of its logs",
            {},
            {},
            Dialect::modctl},
    Command{"fg", run_fg, ServerCheck::before, Takes::each_process,
            "fg <process>\tSee a process's output and type to its input\n"
            "\t\tCtrl-C comes back"},
    Command{"health",
            run_health,
            ServerCheck::none,
            Takes::nothing,
            "health\t\t\tSucceed when the daemon answers and no process is FATAL; says\n"
            "\t\t\tnothing then. For health checks of containers: the exit status\n"
            "\t\t\tis 0 or 1",
            kHealthOptions,
            {},
            Dialect::modctl},
    Command{"help", run_help, ServerCheck::none, Takes::actions,
            "help\t\tList the actions\n"
            "help <action>\tExplain an action"},
    Command{"logs",
            run_logs,
            ServerCheck::before,
            Takes::each_process,
            "logs <name>\t\tShow the last lines a process wrote\n"
            "logs <name> <name>\tShow those of several processes, each line with its name",
            kLogOptions,
            {},
            Dialect::modctl},
    Command{"maintail", run_maintail, ServerCheck::before, Takes::nothing,
            "maintail -f \tFollow the daemon's own log; Ctrl-C comes back\n"
            "maintail -100\tShow the last 100 bytes of the daemon's own log\n"
            "maintail\tShow the last 1600 bytes of it"},
    Command{"open", run_open, ServerCheck::none, Takes::nothing,
            "open <url>\tTalk to another daemon from now on\n"
            "\t\t(http://host:port or unix:///path)"},
    Command{"pid", run_pid, ServerCheck::before, Takes::each_process,
            "pid\t\t\tShow the daemon's process id\n"
            "pid <name>\t\tShow the process id of a process\n"
            "pid all\t\t\tShow the process ids of all processes, one a line",
            kJson},
    Command{"quit", run_quit, ServerCheck::none, Takes::nothing, "quit\tLeave the shell"},
    Command{"reload", run_reload, ServerCheck::none, Takes::nothing,
            "reload\t\t\tRestart the daemon with a fresh configuration"},
    Command{"remove", run_remove, ServerCheck::none, Takes::active_groups,
            "remove <name> [...]\tDeactivate process groups that are stopped"},
    Command{"reread", run_reread, ServerCheck::none, Takes::nothing,
            "reread\t\t\tRead the configuration and tell what would change; update applies it",
            kJson},
    Command{"restart", run_restart, ServerCheck::before, Takes::processes,
            "restart <name>\t\tStop and start a process\n"
            "restart <gname>:*\tStop and start all processes of a group\n"
            "restart <name> <name>\tStop and start several processes or groups\n"
            "restart all\t\tStop and start all processes\n"
            "The configuration is not read again; reread and update do that.",
            kWait},
    Command{"shutdown", run_shutdown, ServerCheck::none, Takes::nothing,
            "shutdown\t\tStop all processes and the daemon"},
    Command{"signal", run_signal, ServerCheck::before, Takes::processes,
            "signal <signal> <name>\t\tSend a signal to a process\n"
            "signal <signal> <gname>:*\tSend it to all processes of a group\n"
            "signal <signal> <name> <name>\tSend it to several processes or groups\n"
            "signal <signal> all\t\tSend it to all processes"},
    Command{"start", run_start, ServerCheck::before, Takes::processes,
            "start <name>\t\tStart a process and wait until it runs\n"
            "start <gname>:*\t\tStart all processes of a group\n"
            "start <name> <name>\tStart several processes or groups\n"
            "start all\t\tStart all processes",
            kWait},
    Command{"status", run_status, ServerCheck::by_command, Takes::processes,
            "status <name>\t\tShow the state of a process\n"
            "status <gname>:*\tShow the states of a group's processes\n"
            "status <name> <name>\tShow the states of several processes or groups\n"
            "status\t\t\tShow the states of all processes",
            kJsonAndWatch},
    Command{"stop", run_stop, ServerCheck::before, Takes::processes,
            "stop <name>\t\tStop a process and wait until it has gone\n"
            "stop <gname>:*\t\tStop all processes of a group\n"
            "stop <name> <name>\tStop several processes or groups\n"
            "stop all\t\tStop all processes",
            kWait},
    Command{"tail",
            run_tail,
            ServerCheck::before,
            Takes::each_process,
            "tail [-f|-N] <name> [stdout|stderr]\t(stdout unless told otherwise)\n"
            "For example:\n"
            "tail -f <name>\t\tFollow what a process writes; Ctrl-C comes back\n"
            "tail -100 <name>\tShow the last 100 bytes of its stdout\n"
            "tail <name> stderr\tShow the last 1600 bytes of its stderr",
            {},
            "\ntail -f <name> <name>\tFollow several processes, each line with its name"},
    Command{"update", run_update, ServerCheck::none, Takes::groups,
            "update\t\t\tRead the configuration; add, remove and restart what it changes\n"
            "update all\t\tThe same\n"
            "update <gname> [...]\tThe same for some groups only",
            kJsonAndWait},
    Command{"version", run_version, ServerCheck::none, Takes::nothing,
            "version\t\t\tShow the daemon's version", kJson},
};
static_assert(std::ranges::is_sorted(kCommands, {}, &Command::verb));

bool is_known(const Command& command, Dialect dialect) {
  return command.dialect == Dialect::supervisorctl || command.dialect == dialect;
}

}  // namespace

std::vector<const Command*> commands(Dialect dialect) {
  std::vector<const Command*> known;
  for (const Command& command : kCommands) {
    if (is_known(command, dialect)) {
      known.push_back(&command);
    }
  }
  return known;
}

const Command* find_command(std::string_view verb, Dialect dialect) {
  const auto* found = std::ranges::lower_bound(kCommands, verb, {}, &Command::verb);
  return found != kCommands.end() && found->verb == verb && is_known(*found, dialect) ? found
                                                                                      : nullptr;
}

std::string help_text(const Command& command, Dialect dialect) {
  std::string text(command.help);
  if (dialect == Dialect::modctl) {
    text += command.more_help;
    for (const CommandOption option : command.options) {
      const CommandOptionRow& row = row_of(option);
      text += cat({"\n  ", spelling_of(row), "\t", row.help});
    }
  }
  return text;
}

}  // namespace sv::ctl
