#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "ctl/arguments.h"
#include "ctl/failure.h"
#include "ctl/session.h"

/// The actions: one table of verb, help and handler (command_table.cc). The handlers live in
/// command_*.cc, one file per family; each says what it has to say, sets the session's exit status,
/// and returns a Failure for what the reference would raise (run_line() prints it as "error: ..."
/// with exit status 1).
namespace sv::ctl {

using Handler = Outcome<void> (*)(Session& session, const Arguments& arguments);

/// Whether run_line() checks the server first.
enum class ServerCheck {
  before,
  none,        ///< has something of its own to say about an unreachable daemon
  by_command,  ///< checks, and expands patterns, itself
};

/// What words behind a verb are, for completion and patterns.
enum class Takes {
  nothing,
  actions,
  groups,         ///< configured or active ones
  new_groups,     ///< configured and not active
  active_groups,  ///< active
  processes,      ///< and "group:*" as the daemon understands it
  each_process,   ///< processes one by one; the daemon has no method for a group of them
};

struct Command {
  std::string_view verb;
  Handler run;
  ServerCheck server_check;
  Takes takes;
  std::string_view help;  ///< what `help verb` prints, without the last line feed
  /// modctl's options, and further lines of its help.
  std::span<const CommandOption> options = {};
  std::string_view more_help = {};
  /// Where the command is known; the reference's are known everywhere.
  Dialect dialect = Dialect::supervisorctl;
};

/// The commands of a dialect in alphabetical order ("help" and "EOF" included).
[[nodiscard]] std::vector<const Command*> commands(Dialect dialect);

/// nullptr: the dialect has no such command.
[[nodiscard]] const Command* find_command(std::string_view verb, Dialect dialect);

/// What `help verb` prints; empty for no help at all.
[[nodiscard]] std::string help_text(const Command& command, Dialect dialect);

/// Runs one line as typed and reports what goes wrong. Nothing escapes but the exit status.
void run_line(Session& session, std::string_view line);

/// "Error: ..." and the command's help: the answer to wrong use.
void refuse(Session& session, std::string_view message, std::string_view verb,
            int status = exit_status::kGeneric);

// command_status.cc
Outcome<void> run_status(Session& session, const Arguments& arguments);
Outcome<void> run_pid(Session& session, const Arguments& arguments);
Outcome<void> run_version(Session& session, const Arguments& arguments);
Outcome<void> run_open(Session& session, const Arguments& arguments);

// command_lifecycle.cc
Outcome<void> run_start(Session& session, const Arguments& arguments);
Outcome<void> run_stop(Session& session, const Arguments& arguments);
Outcome<void> run_restart(Session& session, const Arguments& arguments);
Outcome<void> run_signal(Session& session, const Arguments& arguments);
Outcome<void> run_clear(Session& session, const Arguments& arguments);
Outcome<void> run_shutdown(Session& session, const Arguments& arguments);
Outcome<void> run_reload(Session& session, const Arguments& arguments);

// command_logs.cc
Outcome<void> run_tail(Session& session, const Arguments& arguments);
Outcome<void> run_maintail(Session& session, const Arguments& arguments);

// command_output.cc
Outcome<void> run_logs(Session& session, const Arguments& arguments);

// command_explain.cc
Outcome<void> run_explain(Session& session, const Arguments& arguments);

// command_health.cc
Outcome<void> run_health(Session& session, const Arguments& arguments);

// command_fg.cc
Outcome<void> run_fg(Session& session, const Arguments& arguments);

// command_config.cc
Outcome<void> run_avail(Session& session, const Arguments& arguments);
Outcome<void> run_reread(Session& session, const Arguments& arguments);
Outcome<void> run_update(Session& session, const Arguments& arguments);
Outcome<void> run_add(Session& session, const Arguments& arguments);
Outcome<void> run_remove(Session& session, const Arguments& arguments);

// commands.cc
Outcome<void> run_help(Session& session, const Arguments& arguments);

}  // namespace sv::ctl
