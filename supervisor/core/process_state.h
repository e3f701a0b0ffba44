#pragma once

#include <cstdint>
#include <string_view>

namespace sv::core {

/// Names a process for the daemon's life; never reused, so a late event cannot hit a successor.
enum class ProcessId : std::uint32_t {};

/// States with the numeric codes of the wire protocol (supervisor-config, section 12).
enum class ProcessState {
  stopped = 0,
  starting = 10,
  running = 20,
  backoff = 30,
  stopping = 40,
  exited = 100,
  fatal = 200,
  unknown = 1000,
};

/// "STOPPED", "STARTING", ...
[[nodiscard]] std::string_view state_name(ProcessState state);

/// STARTING, RUNNING, BACKOFF: a start request is refused as "already started".
[[nodiscard]] bool counts_as_running(ProcessState state);

/// STOPPED, EXITED, FATAL, UNKNOWN: does not hold up a shutdown; its group may be removed.
[[nodiscard]] bool counts_as_stopped(ProcessState state);

/// STARTING, RUNNING, STOPPING: there is a process to send a signal to.
[[nodiscard]] bool is_signallable(ProcessState state);

/// The daemon's own state, with the codes of supervisor.getState.
enum class Mood { shutdown = -1, restarting = 0, running = 1 };

/// "SHUTDOWN", "RESTARTING", "RUNNING".
[[nodiscard]] std::string_view mood_name(Mood mood);

}  // namespace sv::core
