#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
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
  std::optional<WallTime> since;         ///< when it entered its state; unset: never left STOPPED
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
/// Rules: supervisor-config, section 12. Transitions, each with the path of states one stimulus
/// makes it take (a unit test drives every row and finds no other):
///
///   STOPPED   --Start-->        STARTING            Spawn
///   EXITED    --Start-->        STARTING            Spawn
///   FATAL     --Start-->        STARTING            Spawn
///   STARTING  --Spawned-->      RUNNING             start_secs is 0
///   STARTING  --Spawned-->      STOPPING            a Stop came before this answer; Kill
///   STARTING  --SpawnFailed-->  BACKOFF             retries are left
///   STARTING  --SpawnFailed-->  BACKOFF, FATAL      retries are exhausted, or the daemon stops it
///   STARTING  --SpawnFailed-->  BACKOFF, STOPPED    a Stop came before this answer
///   STARTING  --Exited-->       BACKOFF             before start_secs; retries are left
///   STARTING  --Exited-->       BACKOFF, FATAL      before start_secs; retries are exhausted
///   STARTING  --Exited-->       RUNNING, EXITED     start_secs had passed unnoticed
///   STARTING  --Exited-->       RUNNING, EXITED, STARTING   the same, to be restarted now
///   STARTING  --Deadline-->     RUNNING             stayed up for start_secs
///   STARTING  --Stop-->         STOPPING            Kill stop_signal
///   STARTING  --KillFailed-->   UNKNOWN             a signal somebody asked for
///   BACKOFF   --Deadline-->     STARTING            Spawn; after as many seconds as failures
///   BACKOFF   --Stop-->         STOPPED
///   BACKOFF   --Stop-->         FATAL               the daemon stops; no "gave up" line
///   RUNNING   --Exited-->       EXITED              not to be restarted, or not yet
///   RUNNING   --Exited-->       EXITED, STARTING    Spawn; to be restarted now
///   RUNNING   --Stop-->         STOPPING            Kill stop_signal
///   STARTING  --Hurry-->        STOPPING            Kill SIGKILL
///   RUNNING   --Hurry-->        STOPPING            Kill SIGKILL
///   BACKOFF   --Hurry-->        STOPPED
///   BACKOFF   --Hurry-->        FATAL               the daemon stops
///   RUNNING   --KillFailed-->   UNKNOWN             a signal somebody asked for
///   EXITED    --Deadline-->     STARTING            Spawn; the throttled restart
///   STOPPING  --Exited-->       STOPPED
///   STOPPING  --KillFailed-->   UNKNOWN
///   UNKNOWN   --Exited-->       STOPPED             what could not be signalled ended by itself
///
/// Beside that: Deadline and Hurry in STOPPING emit Kill SIGKILL, again and again; Stop while Spawn
/// is not answered yet is remembered until the answer; Stop in EXITED drops a throttled restart;
/// DaemonStopping drops every planned start; Start in STOPPING only logs that it is running.
/// Handover replaces the pid of a process that is up or STOPPING; Start says whether the run is the
/// only one. Every other stimulus in a state changes nothing.
///
/// Restart after an exit is immediate when the process had been up for kRestartThrottle, otherwise
/// it waits until that much has passed since the spawn: an event-driven daemon must not spin on a
/// program that ends at once (the reference is throttled by its one-second loop).
class ProcessMachine {
 public:
  static constexpr std::chrono::seconds kRestartThrottle{1};

  /// Least distance between two SIGKILLs, whatever stop_wait says.
  static constexpr std::chrono::seconds kKillInterval{1};

  /// `config` must outlive the machine (the group owns both).
  explicit ProcessMachine(const config::ProcessConfig& config);

  /// Applies one stimulus; returns what must be done, in order. Spawn, if present, is last:
  /// its answer is the next stimulus but for Stop and DaemonStopping.
  [[nodiscard]] std::vector<Effect> feed(const Stimulus& stimulus, Now now);

  [[nodiscard]] ProcessState state() const { return state_; }

  /// When the machine wants Deadline fed to it; nullopt: it does not wait for time. Deadline fed
  /// earlier is ignored; fed in time it clears the deadline or moves it past `now`.
  [[nodiscard]] std::optional<MonoTime> deadline() const { return deadline_; }

  [[nodiscard]] const ProcessRecord& record() const { return record_; }

  /// Whether it was started for a single run.
  [[nodiscard]] bool once() const { return once_; }

 private:
  void on(const stimulus::Start& start, Now now);
  void on(const stimulus::Stop& stop, Now now);
  void on(const stimulus::Hurry& hurry, Now now);
  void on(const stimulus::Spawned& spawned, Now now);
  void on(const stimulus::SpawnFailed& failed, Now now);
  void on(const stimulus::Exited& exited, Now now);
  void on(const stimulus::Handover& handover, Now now);
  void on(const stimulus::Deadline& deadline, Now now);
  void on(const stimulus::KillFailed& failed, Now now);
  void on(const stimulus::DaemonStopping& stopping, Now now);

  /// The only assignment of state_: announces, and ends waiting. A transition that waits for time
  /// sets deadline_ afterwards. `ended` says how the process ended when that is the reason.
  void enter(ProcessState to, std::optional<WaitStatus> ended = std::nullopt);

  void spawn(Now now);
  void come_up();
  void begin_stop(Now now, std::optional<MonoTime> kill_by = std::nullopt);
  void kill_now(Now now);
  void kill(int signal, bool to_group);

  void ended_early(WaitStatus status, Now now);
  void ended_when_up(WaitStatus status, Now now);
  void ended_after_stop(WaitStatus status);
  void retry_or_give_up(Now now);
  void stop_in_backoff();
  void plan_restart(bool expected, Now now);

  [[nodiscard]] bool is_expected(WaitStatus status) const;
  void log(Level level, std::initializer_list<std::string_view> text);

  const config::ProcessConfig* config_;
  ProcessState state_ = ProcessState::stopped;
  bool once_ = false;             ///< the last Start wanted a single run
  bool stop_wanted_ = false;      ///< Stop came while Spawn was not answered
  bool daemon_stopping_ = false;  ///< nothing is started any more
  std::optional<MonoTime> deadline_;
  ProcessRecord record_;
  std::vector<Effect> effects_;  ///< of the feed() under way; empty between calls
};

}  // namespace sv::core
