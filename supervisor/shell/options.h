#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/exit_map.h"
#include "config/loader.h"

namespace sv::shell {

/// The name the daemon was called by decides its manners.
enum class Personality {
  modinit,      ///< stays in the foreground; -t is --check
  supervisord,  ///< the reference's options to the letter; -t is --strip_ansi
  my_init,      ///< process 1 of a phusion-style image (shell/my_init)
  setuser,      ///< a command as another user (shell/setuser)
};

/// From the last part of argv[0]; everything unknown is modinit.
[[nodiscard]] Personality personality_of(std::string_view argv0);

/// The daemon's command line (supervisor-config, 8.3).
struct Options {
  std::optional<std::string> config_file;
  config::DaemonOverrides overrides;
  ExitMap exit_map;
  bool subreaper = false;  ///< not being able to adopt orphans is an error
  bool check = false;      ///< validate the configuration and exit
  bool help = false;       ///< print usage_text() and exit 0
  bool version = false;    ///< print the version and exit 0
};

/// `arguments` without the program's name. Options act left to right, so --version before a bad
/// value wins. The error is what goes behind "Error: ".
[[nodiscard]] tl::expected<Options, std::string> parse_options(
    std::span<const std::string> arguments, Personality personality);

/// The text of --help.
[[nodiscard]] std::string usage_text(std::string_view argv0, Personality personality);

}  // namespace sv::shell
