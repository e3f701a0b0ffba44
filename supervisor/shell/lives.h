#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/model.h"
#include "os/daemonize.h"
#include "shell/daemon.h"
#include "shell/options.h"
#include "shell/startup.h"

namespace sv::shell {

/// The lives of the daemon in one process: the first one, and one more after each reload. Owns what
/// outlives them (loop, standard outputs) and what each begins with anew (log, pid file).
class Lives {
 public:
  /// How long the last words may take to reach a slow reader of our standard output.
  static constexpr std::chrono::milliseconds kLastWords{500};

  Lives(std::string program, Personality personality, std::function<Daemon::ConfigResult()> load);

  /// In a process that has a loop already, beside what else it does.
  void share(uv::Loop& loop, Companion& companion) {
    shared_loop_ = &loop;
    companion_ = &companion;
  }

  /// Runs until the daemon is shut down; the status to end with (docs/exit-status.md). The error is
  /// one of the first start; a later life that cannot begin is reported to the log and ends the
  /// process with the same status.
  Result<int> run(config::Config config, const std::vector<StartupNote>& notes,
                  std::optional<os::Background>& background);

 private:
  std::string program_;
  Personality personality_;
  std::function<Daemon::ConfigResult()> load_;
  SystemClock clock_;
  uv::Loop* shared_loop_ = nullptr;
  Companion* companion_ = nullptr;
};

}  // namespace sv::shell
