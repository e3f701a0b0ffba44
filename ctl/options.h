#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "config/model.h"
#include "ctl/palette.h"

/// The command line: getopt's rules and the reference's error texts (supervisor-config, 8.2 and
/// 8.4). Pure.
namespace sv::ctl {

struct Options {
  std::optional<std::string> config_file;
  std::optional<std::string> server_url;
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> history_file;
  bool interactive = false;
  bool help = false;  ///< -h was met; later options have not been looked at
  /// Everything from the first word that is not an option. Empty: the interactive shell.
  std::vector<std::string> action;

  friend bool operator==(const Options&, const Options&) = default;
};

/// `arguments` without the program's name. The error is what goes behind "Error: ".
[[nodiscard]] tl::expected<Options, std::string> parse_options(
    std::span<const std::string> arguments);

/// The two lines of a usage error, for stderr; the exit code is 2.
[[nodiscard]] std::string usage_error(std::string_view message, std::string_view program);

/// The text of -h.
[[nodiscard]] std::string usage_text(std::string_view program);

/// Which client the program is, by the name it was called by. A supervisorctl is the reference's
/// client byte for byte; a modctl has more.
enum class Dialect { supervisorctl, modctl };

/// What command line and configuration agree on: the command line wins, then the file, then the
/// defaults.
struct Settings {
  std::string server_url;
  /// Sent only when both are set.
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::string prompt;
  std::optional<std::string> history_file;
  /// Confirmations and questions for credentials are wanted.
  bool interactive = false;
  Dialect dialect = Dialect::supervisorctl;
  /// Of what modctl prints.
  Palette palette;
  /// The file server_url may have come from, for hints.
  std::optional<std::string> config_file;
};

/// `file` is [supervisorctl] as loaded, or its defaults when there is no file.
[[nodiscard]] Settings resolve(const Options& options, const config::CtlConfig& file);

}  // namespace sv::ctl
