#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/wait_status.h"
#include "config/model.h"
#include "core/effect.h"
#include "core/process_state.h"
#include "core/stimulus.h"

namespace sv::core {

/// What is known about a process beside its state. Plain data: shown to clients, serialisable.
struct ProcessRecord {
  pid_t pid = 0;                         ///< 0 when not running
  std::optional<WallTime> started;       ///< last spawn attempt
  std::optional<MonoTime> started_mono;  ///< the same on the monotonic clock
  std::optional<WallTime> stopped;       ///< last time it was reaped; not cleared by a start
  std::string spawn_error;               ///< last start or exit error; cleared when a spawn begins
  int exit_status = 0;  ///< reference's convention: -1 for a signal, 0 while running
  std::optional<WaitStatus> last_exit;  ///< how the last run really ended
  int backoff = 0;                      ///< consecutive failed attempts; not cleared by a stop
  std::uint64_t spawns = 0;             ///< successful spawns since the group was added

  friend bool operator==(const ProcessRecord&, const ProcessRecord&) = default;
};

/// Life of one supervised process. Pure: owns no pid, descriptor or clock; what it wants done comes
/// back as effects. Not a process group, not a configuration.
///
/// Rules: supervisor-config, section 12. Transitions (checked by a unit test against the code):
///
///   STOPPED   --Start-->          STARTING   Spawn
///   EXITED    --Start-->          STARTING   Spawn
///   FATAL     --Start-->          STARTING   Spawn
///   BACKOFF   --Deadline-->       STARTING   Spawn; only while retries are left
///   BACKOFF   --Deadline-->       FATAL      retries exhausted
///   BACKOFF   --Stop-->           STOPPED
///   BACKOFF   --DaemonStopping--> FATAL      silently (no "gave up" line)
///   STARTING  --SpawnFailed-->    BACKOFF
///   STARTING  --Exited-->         BACKOFF    before start_secs
///   STARTING  --Exited-->         RUNNING    start_secs had passed unnoticed; EXITED follows
///   STARTING  --Deadline-->       RUNNING    stayed up for start_secs
///   STARTING  --Stop-->           STOPPING   Kill stop_signal
///   RUNNING   --Exited-->         EXITED     restart now, later or never by autorestart
///   RUNNING   --Stop-->           STOPPING   Kill stop_signal
///   EXITED    --Deadline-->       STARTING   Spawn; throttled restart
///   STOPPING  --Exited-->         STOPPED
///   STOPPING  --Deadline-->       STOPPING   Kill SIGKILL; repeated every stop_wait
///   STARTING, RUNNING, STOPPING --KillFailed--> UNKNOWN
///
/// Every other stimulus in a state changes nothing.
///
/// Restart after an exit is immediate when the process had been up for kRestartThrottle, otherwise
/// it waits until that much has passed since the spawn: an event-driven daemon must not spin on a
/// program that ends at once (the reference is throttled by its one-second loop).
class ProcessMachine {
 public:
  static constexpr std::chrono::seconds kRestartThrottle{1};

  /// `config` must outlive the machine (the group owns both).
  explicit ProcessMachine(const config::ProcessConfig& config);

  /// Applies one stimulus; returns what must be done, in order. Spawn, if present, is last:
  /// its answer is the next stimulus.
  [[nodiscard]] std::vector<Effect> feed(const Stimulus& stimulus, Now now);

  [[nodiscard]] ProcessState state() const { return state_; }

  /// When the machine wants Deadline fed to it; nullopt: it does not wait for time.
  [[nodiscard]] std::optional<MonoTime> deadline() const { return deadline_; }

  [[nodiscard]] const ProcessRecord& record() const { return record_; }

 private:
  const config::ProcessConfig* config_;
  ProcessState state_ = ProcessState::stopped;
  std::optional<MonoTime> deadline_;
  ProcessRecord record_;
};

}  // namespace sv::core
