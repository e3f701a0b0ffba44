#pragma once

#include <span>
#include <string_view>

#include "ctl/failure.h"
#include "ctl/session.h"

/// The actions: one table of verb, help and handler. The handlers live in command_*.cc, one file
/// per family; each says what it has to say, sets the session's exit status, and returns a Failure
/// for what the reference would raise (run_line() prints it as "error: ..." with exit status 1).
namespace sv::ctl {

using Handler = Outcome<void> (*)(Session& session, std::string_view argument);

/// Whether run_line() checks the server first. The others have something of their own to say about
/// an unreachable daemon.
enum class ServerCheck { before, none };

/// What words behind a verb are, for completion.
enum class Completes { nothing, actions, groups, processes };

struct Command {
  std::string_view verb;
  Handler run;
  ServerCheck server_check;
  Completes completes;
  std::string_view help;  ///< what `help verb` prints, without the last line feed
};

/// All commands by name, in alphabetical order ("help" and "EOF" included).
[[nodiscard]] std::span<const Command> commands();

[[nodiscard]] const Command* find_command(std::string_view verb);

/// Runs one line as typed and reports what goes wrong. Nothing escapes but the exit status.
void run_line(Session& session, std::string_view line);

/// "Error: ..." and the command's help: the answer to wrong use.
void refuse(Session& session, std::string_view message, std::string_view verb,
            int status = exit_status::kGeneric);

// command_status.cc
Outcome<void> run_status(Session& session, std::string_view argument);
Outcome<void> run_pid(Session& session, std::string_view argument);
Outcome<void> run_version(Session& session, std::string_view argument);
Outcome<void> run_open(Session& session, std::string_view argument);

// command_lifecycle.cc
Outcome<void> run_start(Session& session, std::string_view argument);
Outcome<void> run_stop(Session& session, std::string_view argument);
Outcome<void> run_restart(Session& session, std::string_view argument);
Outcome<void> run_signal(Session& session, std::string_view argument);
Outcome<void> run_clear(Session& session, std::string_view argument);
Outcome<void> run_shutdown(Session& session, std::string_view argument);
Outcome<void> run_reload(Session& session, std::string_view argument);

// command_logs.cc
Outcome<void> run_tail(Session& session, std::string_view argument);
Outcome<void> run_maintail(Session& session, std::string_view argument);

// command_fg.cc
Outcome<void> run_fg(Session& session, std::string_view argument);

// command_config.cc
Outcome<void> run_avail(Session& session, std::string_view argument);
Outcome<void> run_reread(Session& session, std::string_view argument);
Outcome<void> run_update(Session& session, std::string_view argument);
Outcome<void> run_add(Session& session, std::string_view argument);
Outcome<void> run_remove(Session& session, std::string_view argument);

// commands.cc
Outcome<void> run_help(Session& session, std::string_view argument);

}  // namespace sv::ctl
