#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "navi/log.h"

namespace sv::navi {

/// Navi's command line (init-and-images, 4.1). Options are those of Navi 1.0.0 with its rules: one
/// or two dashes, "-o DIR" or "-o=DIR", nothing is an option behind the first word that is none;
/// and the two limits, which it did not have.
struct Options {
  enum class Action { listen, show_help, show_version };

  Action action = Action::listen;
  std::string output = "/mnt/notifications";
  LogLevel log = LogLevel::info;
  std::size_t max_files = 1000;
  std::uint64_t max_bytes = std::uint64_t{8} * 1024 * 1024;
};

/// `arguments` without the program's name. The error is for people; where it goes must not be the
/// protocol channel.
[[nodiscard]] Result<Options> parse_options(std::span<const std::string_view> arguments);

/// What --help prints.
[[nodiscard]] std::string_view help_text();

/// What --version prints: the version whose interface is implemented.
[[nodiscard]] std::string_view version_text();

}  // namespace sv::navi
