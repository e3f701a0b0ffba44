#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/exit_map.h"
#include "init/signal_rewrite.h"

/// my_init's command line and the variables that tune it (init-and-images, 1.2 and 1.3).
namespace sv::init {

struct Options {
  bool help = false;
  bool quiet = false;  ///< warnings and errors only
  bool skip_startup_files = false;
  bool skip_services = false;  ///< --skip-runit: no services, no programs, no shutdown scripts
  bool kill_all_on_exit = true;
  bool enable_insecure_key = false;
  bool subreaper = false;                 ///< not my_init's: has to adopt orphans
  ExitMap exit_map;                       ///< not my_init's
  SignalRewrite rewrite;                  ///< of what the main command is sent
  std::vector<std::string> main_command;  ///< empty: none
};

/// A mistake on the command line: what goes behind "my_init: error: ", and the exit status.
struct UsageError {
  std::string message;
  int status = 2;

  friend bool operator==(const UsageError&, const UsageError&) = default;
};

/// `arguments` without the program's name. Options end at the first word that is none, which begins
/// the main command, or at "--". Long options may be cut to a unique prefix.
[[nodiscard]] tl::expected<Options, UsageError> parse_options(
    std::span<const std::string> arguments);

[[nodiscard]] std::string usage_text(std::string_view argv0);

/// A time-out of the environment.
struct Limit {
  std::chrono::seconds time{30};  ///< zero: wait for ever, as my_init does
  std::string_view variable;      ///< literal
  bool asked_for = false;         ///< it was set, and is no default

  friend bool operator==(const Limit&, const Limit&) = default;
};

/// What the environment at the start says. Values of the environment store come too late for it.
struct Tuning {
  /// For a start-up script that is interrupted, the main command and each service.
  Limit kill_process{.variable = "KILL_PROCESS_TIMEOUT"};
  /// For everything that is left at the end.
  Limit kill_all{.variable = "KILL_ALL_PROCESSES_TIMEOUT"};
  std::string startup_directory = "/etc/my_init.d";
  /// my_init's old habit: HOME, USER and the like are forgotten after the first start-up script.
  bool forget_identity = false;

  friend bool operator==(const Tuning&, const Tuning&) = default;
};

using VariableLookup = std::function<std::optional<std::string>(std::string_view name)>;

/// The error names the variable and is a usage error.
[[nodiscard]] tl::expected<Tuning, UsageError> read_tuning(const VariableLookup& variable);

}  // namespace sv::init
