#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>

#include "base/log.h"
#include "base/wait_status.h"
#include "core/process_state.h"

/// What the core asks of the world, as values. The shell performs them in order and feeds the
/// answers back; nothing here can fail inside the core.
namespace sv::core {

/// One transition of one process, with what was true at that moment.
struct StateChange {
  ProcessState from = ProcessState::stopped;
  ProcessState to = ProcessState::stopped;
  pid_t pid = 0;                     ///< 0 when there is none
  int tries = 0;                     ///< backoff counter (STARTING, BACKOFF)
  bool expected = true;              ///< EXITED: the exit code is listed in exitcodes
  std::optional<WaitStatus> status;  ///< how it ended: EXITED, STOPPED, BACKOFF after an exit

  friend bool operator==(const StateChange&, const StateChange&) = default;
};

namespace effect {

/// Create the child; answer with Spawned or SpawnFailed before performing the next effect.
struct Spawn {
  friend bool operator==(const Spawn&, const Spawn&) = default;
};

/// Send a signal to the process, or to its process group. ESRCH is not an error; any other failure
/// is answered with KillFailed.
struct Kill {
  int signal = 0;
  bool to_group = false;
  pid_t pid = 0;  ///< the process that is meant; Supervisor drops a Kill that comes too late for it

  friend bool operator==(const Kill&, const Kill&) = default;
};

/// Tell everybody: events, waiting replies, the notifier.
struct Announce {
  StateChange change;

  friend bool operator==(const Announce&, const Announce&) = default;
};

/// Write a line to the activity log. The texts are the reference product's.
struct Log {
  Level level = Level::info;
  std::string text;

  friend bool operator==(const Log&, const Log&) = default;
};

/// A group became active or was removed.
struct GroupAdded {
  std::string name;

  friend bool operator==(const GroupAdded&, const GroupAdded&) = default;
};
struct GroupRemoved {
  std::string name;

  friend bool operator==(const GroupRemoved&, const GroupRemoved&) = default;
};

/// The daemon's mood changed: RUNNING at start, then SHUTDOWN or RESTARTING. A restart that turns
/// into a shutdown is not announced again; Supervisor::mood() tells at the end.
struct MoodChanged {
  Mood mood = Mood::running;

  friend bool operator==(const MoodChanged&, const MoodChanged&) = default;
};

/// Every process is down after a shutdown or restart was asked for: end the loop.
struct AllStopped {
  friend bool operator==(const AllStopped&, const AllStopped&) = default;
};

}  // namespace effect

/// Effects of one process, as ProcessMachine emits them.
using Effect = std::variant<effect::Spawn, effect::Kill, effect::Announce, effect::Log>;

/// The same with the process they belong to, and the daemon's own, as Supervisor emits them.
struct ProcessEffect {
  ProcessId process{};
  Effect effect;

  friend bool operator==(const ProcessEffect&, const ProcessEffect&) = default;
};
using SupervisorEffect =
    std::variant<ProcessEffect, effect::Log, effect::GroupAdded, effect::GroupRemoved,
                 effect::MoodChanged, effect::AllStopped>;

}  // namespace sv::core
