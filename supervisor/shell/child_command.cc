#include "shell/child_command.h"

#include <utility>

#include "base/text.h"
#include "config/command_line.h"
#include "os/find_command.h"

namespace sv::shell {

tl::expected<ChildCommand, CommandRefusal> resolve_command(
    const config::ProcessConfig& process, const std::optional<std::string>& search_path) {
  using Kind = CommandRefusal::Kind;
  Result<std::vector<std::string>> argv = config::split_command(process.command);
  if (!argv) {
    return tl::unexpected(CommandRefusal{
        Kind::not_executable,
        cat({"can't parse command ", python_repr(process.command), ": ", argv.error().message})});
  }
  if (argv->empty()) {
    return tl::unexpected(CommandRefusal{Kind::not_executable, "command is empty"});
  }
  tl::expected<std::string, os::CommandError> path = os::find_command(argv->front(), search_path);
  if (!path) {
    const bool missing = path.error().kind == os::CommandError::Kind::not_found;
    return tl::unexpected(CommandRefusal{missing ? Kind::no_file : Kind::not_executable,
                                         std::move(path.error().message)});
  }
  return ChildCommand{std::move(*path), std::move(*argv)};
}

}  // namespace sv::shell
