#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.h"
#include "ctl/commands.h"
#include "ctl/session.h"
#include "ctl/shell.h"

namespace sv::test {

/// What one command, or a whole shell session, left behind.
struct CtlResult {
  std::string out;
  std::string err;
  int status = 0;

  friend bool operator==(const CtlResult&, const CtlResult&) = default;
};

/// A file in memory that holds `text`, to be read as standard input.
inline UniqueFd input_of(std::string_view text) {
  UniqueFd fd(::memfd_create("input", MFD_CLOEXEC));
  (void)!::write(fd.get(), text.data(), text.size());
  ::lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

/// Runs command lines as the program does, with its console kept in memory.
class CtlClient {
 public:
  explicit CtlClient(std::string url) { settings.server_url = std::move(url); }

  /// One command; without a line the shell. `input` is what is typed.
  [[nodiscard]] CtlResult run(std::optional<std::string> line, std::string_view input = {}) {
    const UniqueFd in = input_of(input);
    ctl::Console console{ctl::LineInput(in.get()), ctl::Output(-1), ctl::Output(-1)};
    ctl::Session session(settings, console);
    if (line) {
      ctl::run_line(session, *line);
    } else {
      ctl::run_shell(session);
    }
    return {console.out.buffered(), console.err.buffered(), session.exit_status()};
  }

  ctl::Settings settings{.server_url = {},
                         .username = {},
                         .password = {},
                         .prompt = "supervisor",
                         .history_file = {},
                         .interactive = false,
                         .dialect = ctl::Dialect::supervisorctl,
                         .palette = ctl::Palette(),
                         .config_file = {}};
};

}  // namespace sv::test
