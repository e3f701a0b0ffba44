#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

/// Which file a command means (supervisor-config, 13.1 and 13.2).
namespace sv::os {

struct CommandError {
  enum class Kind { not_found, is_directory, not_executable, no_permission };
  Kind kind = Kind::not_found;
  /// The reference's wording: "can't find command 'x'", "command at '/x' is a directory" ...
  std::string message;

  friend bool operator==(const CommandError&, const CommandError&) = default;
};

/// The file to execute for a program name as written. A name with a slash is taken as it is,
/// relative to the daemon's directory. Otherwise the first entry of `path` in which the name
/// exists decides, even if it is a directory or not executable; an empty entry is the current
/// directory. An unset or empty `path` means /bin:/usr/bin:/usr/local/bin.
[[nodiscard]] tl::expected<std::string, CommandError> find_command(
    const std::string& name, const std::optional<std::string>& path);

}  // namespace sv::os
