#pragma once

#include <sys/types.h>

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/wait_status.h"
#include "init/sequence.h"
#include "shell/daemon.h"
#include "shell/environment_files.h"
#include "shell/uv/async.h"
#include "shell/uv/loop.h"
#include "shell/uv/signal.h"
#include "shell/uv/timer.h"

namespace sv::shell {

/// Performs what init::Sequence wants, before, beside and after the daemon, in the daemon's loop.
/// Watches the signals for the whole life of the process and hands them to the daemon while there
/// is one.
class InitRunner final : public Companion {
 public:
  /// References outlive the runner.
  struct Parts {
    uv::Loop& loop;
    const Clock& clock;
    EnvironmentFiles& store;
  };

  InitRunner(Parts parts, init::Settings settings);
  ~InitRunner() override;

  /// Begins to watch signals. Fails when the system has no descriptors left.
  Result<void> watch();

  /// Runs the start-up scripts. True: the daemon is to be run now; false: all is over.
  [[nodiscard]] bool boot();

  /// After the daemon: what is left to do. Returns the exit status.
  [[nodiscard]] int finish(int daemon_status);

  [[nodiscard]] int exit_status() const { return sequence_.exit_status(); }

  /// A line "*** text" on standard error.
  void say(bool warning, std::string_view text) const;

  // Companion ------------------------------------------------------------------------------------

  void daemon_up(Daemon& daemon) override;
  void daemon_gone() noexcept override { daemon_ = nullptr; }
  bool child_exited(pid_t pid, WaitStatus status) override;
  bool holds_shutdown(std::optional<int> decided) override;

 private:
  Result<void> watch(std::span<const int> signals);
  void on_signal(int number);
  void on_deadline();
  void pass_on(int number);
  void stop_requested(int number);
  void reap();
  void serve_until_told();

  void feed(const init::Stimulus& stimulus);
  void perform(const init::Effect& effect);
  [[nodiscard]] std::vector<std::string> scripts(init::ScriptSet set) const;
  void start_main();
  void spawn(const std::string& path, std::vector<std::string> argv);
  void import_environment();
  void kill_all(int signal);
  void check_for_nobody();

  /// Collects children at most this many at a time, then others have their turn.
  static constexpr std::size_t kReapBatch = 64;

  Parts parts_;
  init::Settings settings_;
  init::Sequence sequence_;
  uv::Timer deadline_;
  uv::Async reap_more_;
  std::vector<uv::Signal> signals_;
  Daemon* daemon_ = nullptr;  ///< while one serves

  std::deque<init::Effect> effects_;
  bool performing_ = false;
  bool in_loop_ = false;  ///< the turns of the loop are ours
  bool told_ = false;     ///< to give the loop away: the daemon's turn, or the end
  bool over_ = false;
  int end_status_ = 0;
};

}  // namespace sv::shell
