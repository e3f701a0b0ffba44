#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "core/effect.h"
#include "core/process_state.h"

namespace sv::core {

/// The event types a listener may subscribe to (supervisor-protocol, 4.1). Abstract ones select
/// all of their descendants.
enum class EventType {
  event,
  process_state,
  process_state_stopped,
  process_state_exited,
  process_state_starting,
  process_state_stopping,
  process_state_backoff,
  process_state_fatal,
  process_state_running,
  process_state_unknown,
  process_communication,
  process_communication_stdout,
  process_communication_stderr,
  process_log,
  process_log_stdout,
  process_log_stderr,
  remote_communication,
  supervisor_state_change,
  supervisor_state_change_running,
  supervisor_state_change_stopping,
  tick,
  tick_5,
  tick_60,
  tick_3600,
  process_group,
  process_group_added,
  process_group_removed,
  // Ours. Roots of their own: who subscribed to EVENT or PROCESS_STATE does not know them.
  process_crash,
  process_oom,
};

/// "PROCESS_STATE_EXITED".
[[nodiscard]] std::string_view event_name(EventType type);

/// Any case; nullopt for an unknown name.
[[nodiscard]] std::optional<EventType> event_from_name(std::string_view name);

/// PROCESS_STATE_EXITED of EXITED.
[[nodiscard]] EventType state_event_type(ProcessState state);

/// Whether `type` is `ancestor` or below it.
[[nodiscard]] bool is_a(EventType type, EventType ancestor);

enum class Channel { standard_output, standard_error };

/// "stdout", "stderr".
[[nodiscard]] std::string_view channel_name(Channel channel);

/// One event: its type and its payload text (supervisor-protocol, 4.3), rendered when it happened.
struct Event {
  EventType type = EventType::event;
  std::string payload;

  friend bool operator==(const Event&, const Event&) = default;
};

/// Who an event is about.
struct ProcessName {
  std::string_view process;
  std::string_view group;
};

[[nodiscard]] Event process_state_event(ProcessName who, const StateChange& change);
/// An end that `change` tells of, by itself and not expected; "exitcode:3", or "signal:9
/// signalname:SIGKILL".
[[nodiscard]] Event process_crash_event(ProcessName who, const StateChange& change);
/// An end for want of memory: the same, and "verdict:certain kind:kernel", as in a notice.
[[nodiscard]] Event process_oom_event(ProcessName who, const StateChange& change,
                                      std::string_view verdict, std::string_view kind);
[[nodiscard]] Event process_log_event(ProcessName who, pid_t pid, Channel channel,
                                      std::string_view data);
[[nodiscard]] Event process_communication_event(ProcessName who, pid_t pid, Channel channel,
                                                std::string_view data);
[[nodiscard]] Event remote_communication_event(std::string_view type, std::string_view data);
[[nodiscard]] Event supervisor_state_event(Mood mood);
[[nodiscard]] Event group_added_event(std::string_view group);
[[nodiscard]] Event group_removed_event(std::string_view group);
/// `type` is one of the three ticks; `slice_start` the whole multiple of its period.
[[nodiscard]] Event tick_event(EventType type, std::int64_t slice_start);

}  // namespace sv::core
