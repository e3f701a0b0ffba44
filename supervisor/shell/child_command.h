#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "config/model.h"

namespace sv::shell {

/// A command as it will be executed.
struct ChildCommand {
  std::string path;
  std::vector<std::string> argv;
};

/// Why it cannot be, in the reference's wording (supervisor-config, 13.2).
struct CommandRefusal {
  enum class Kind { no_file, not_executable };
  Kind kind = Kind::not_executable;
  std::string message;
};

/// Splits the configured command and finds its file. Looks at the file system each time: a command
/// that was missing may have been installed since.
[[nodiscard]] tl::expected<ChildCommand, CommandRefusal> resolve_command(
    const config::ProcessConfig& process, const std::optional<std::string>& search_path);

}  // namespace sv::shell
