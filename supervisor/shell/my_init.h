#pragma once

#include <functional>
#include <span>
#include <string>

#include "shell/daemon.h"
#include "shell/uv/loop.h"

namespace sv::shell {

/// Runs the daemon in a loop that is there already, until it ends; its exit status. `quiet`: no
/// copy of its log on standard output.
using DaemonMain = std::function<int(uv::Loop& loop, Companion& companion, bool quiet)>;

/// Process 1 by its old name: start-up scripts, then the daemon and the main command, then the end
/// of everything. Returns the exit status.
[[nodiscard]] int run_my_init(const std::string& program, std::span<const std::string> arguments,
                              const DaemonMain& daemon);

}  // namespace sv::shell
