#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>

#include "shell/daemon.h"
#include "shell/uv/loop.h"

namespace sv::shell {

/// What my_init's command line and environment say about the daemon.
struct DaemonWishes {
  bool quiet = false;                          ///< no copy of its log on standard output
  std::chrono::seconds service_stop_wait{30};  ///< between TERM and KILL; zero: for ever
};

/// Runs the daemon in a loop that is there already, until it ends; its exit status.
using DaemonMain =
    std::function<int(uv::Loop& loop, Companion& companion, const DaemonWishes& wishes)>;

/// Process 1 by its old name: start-up scripts, then the daemon and the main command, then the end
/// of everything. Returns the exit status.
[[nodiscard]] int run_my_init(const std::string& program, std::span<const std::string> arguments,
                              const DaemonMain& daemon);

}  // namespace sv::shell
