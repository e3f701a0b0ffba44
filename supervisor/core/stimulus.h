#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>

#include "base/time.h"
#include "base/wait_status.h"

/// Everything that can happen to one process, as values. The only input of ProcessMachine.
namespace sv::core {

namespace stimulus {

/// Somebody wants it up: a user, autostart or a group operation.
struct Start {
  bool once = false;  ///< no restart when this run ends; of a process that is up: of that one
};

/// Somebody wants it down and to stay down.
struct Stop {
  /// SIGKILL follows at this time at the latest, however long stopwaitsecs is.
  std::optional<MonoTime> kill_by;
};

/// There is no time left to ask: SIGKILL at once, also while it is being stopped.
struct Hurry {};

/// Answer to effect::Spawn: the child exists.
struct Spawned {
  pid_t pid = 0;
};

/// Answer to effect::Spawn: it could not be created. `reason` is shown to clients ("spawnerr").
struct SpawnFailed {
  std::string reason;
};

/// The child was reaped; its output has been read to the end before this is fed.
struct Exited {
  WaitStatus status;
};

/// What was spawned has ended, and another child finishes its work under the same process (runit's
/// finish). Exited, with the status of the first, follows when that one ends.
struct Handover {
  pid_t pid = 0;
};

/// The time returned by deadline() has come.
struct Deadline {};

/// Answer to effect::Kill: the signal could not be sent for a reason other than "no such process".
struct KillFailed {
  std::string reason;
};

/// The daemon shuts down or restarts: from now on nothing is started. A Stop follows when it is the
/// group's turn.
struct DaemonStopping {};

}  // namespace stimulus

using Stimulus = std::variant<stimulus::Start, stimulus::Stop, stimulus::Hurry, stimulus::Spawned,
                              stimulus::SpawnFailed, stimulus::Exited, stimulus::Handover,
                              stimulus::Deadline, stimulus::KillFailed, stimulus::DaemonStopping>;

}  // namespace sv::core
