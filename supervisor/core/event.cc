#include "core/event.h"

#include <algorithm>
#include <array>

#include "base/signals.h"
#include "base/text.h"

namespace sv::core {
namespace {

struct TypeRow {
  EventType type;
  EventType parent;  ///< itself for the root
  std::string_view name;
};

/// The type tree; rows are in the order of the enumeration, which is what row_of() relies on.
constexpr std::array kTypes{
    TypeRow{EventType::event, EventType::event, "EVENT"},
    TypeRow{EventType::process_state, EventType::event, "PROCESS_STATE"},
    TypeRow{EventType::process_state_stopped, EventType::process_state, "PROCESS_STATE_STOPPED"},
    TypeRow{EventType::process_state_exited, EventType::process_state, "PROCESS_STATE_EXITED"},
    TypeRow{EventType::process_state_starting, EventType::process_state, "PROCESS_STATE_STARTING"},
    TypeRow{EventType::process_state_stopping, EventType::process_state, "PROCESS_STATE_STOPPING"},
    TypeRow{EventType::process_state_backoff, EventType::process_state, "PROCESS_STATE_BACKOFF"},
    TypeRow{EventType::process_state_fatal, EventType::process_state, "PROCESS_STATE_FATAL"},
    TypeRow{EventType::process_state_running, EventType::process_state, "PROCESS_STATE_RUNNING"},
    TypeRow{EventType::process_state_unknown, EventType::process_state, "PROCESS_STATE_UNKNOWN"},
    TypeRow{EventType::process_communication, EventType::event, "PROCESS_COMMUNICATION"},
    TypeRow{EventType::process_communication_stdout, EventType::process_communication,
            "PROCESS_COMMUNICATION_STDOUT"},
    TypeRow{EventType::process_communication_stderr, EventType::process_communication,
            "PROCESS_COMMUNICATION_STDERR"},
    TypeRow{EventType::process_log, EventType::event, "PROCESS_LOG"},
    TypeRow{EventType::process_log_stdout, EventType::process_log, "PROCESS_LOG_STDOUT"},
    TypeRow{EventType::process_log_stderr, EventType::process_log, "PROCESS_LOG_STDERR"},
    TypeRow{EventType::remote_communication, EventType::event, "REMOTE_COMMUNICATION"},
    TypeRow{EventType::supervisor_state_change, EventType::event, "SUPERVISOR_STATE_CHANGE"},
    TypeRow{EventType::supervisor_state_change_running, EventType::supervisor_state_change,
            "SUPERVISOR_STATE_CHANGE_RUNNING"},
    TypeRow{EventType::supervisor_state_change_stopping, EventType::supervisor_state_change,
            "SUPERVISOR_STATE_CHANGE_STOPPING"},
    TypeRow{EventType::tick, EventType::event, "TICK"},
    TypeRow{EventType::tick_5, EventType::tick, "TICK_5"},
    TypeRow{EventType::tick_60, EventType::tick, "TICK_60"},
    TypeRow{EventType::tick_3600, EventType::tick, "TICK_3600"},
    TypeRow{EventType::process_group, EventType::event, "PROCESS_GROUP"},
    TypeRow{EventType::process_group_added, EventType::process_group, "PROCESS_GROUP_ADDED"},
    TypeRow{EventType::process_group_removed, EventType::process_group, "PROCESS_GROUP_REMOVED"},
    TypeRow{EventType::process_crash, EventType::process_crash, "PROCESS_CRASH"},
    TypeRow{EventType::process_oom, EventType::process_oom, "PROCESS_OOM"},
};

consteval bool rows_follow_the_enumeration() {
  for (std::size_t i = 0; i < kTypes.size(); ++i) {
    if (static_cast<std::size_t>(kTypes[i].type) != i) {
      return false;
    }
  }
  return true;
}
static_assert(rows_follow_the_enumeration());

const TypeRow& row_of(EventType type) {
  return kTypes[static_cast<std::size_t>(type)];
}

/// The tokens that only some states carry, with their leading blank.
std::string state_tokens(const StateChange& change) {
  switch (change.to) {
    case ProcessState::starting:
    case ProcessState::backoff:
      return cat({" tries:", std::to_string(change.tries)});
    case ProcessState::running:
    case ProcessState::stopping:
    case ProcessState::stopped:
      return cat({" pid:", std::to_string(change.pid)});
    case ProcessState::exited:
      return cat({" expected:", change.expected ? "1" : "0", " pid:", std::to_string(change.pid)});
    case ProcessState::fatal:
    case ProcessState::unknown:
      return {};
  }
  return {};
}

std::string who_tokens(ProcessName who) {
  return cat({"processname:", who.process, " groupname:", who.group});
}

std::string end_tokens(ProcessName who, const StateChange& change) {
  std::string text = cat({who_tokens(who), " from_state:", state_name(change.from)});
  if (change.pid != 0) {
    text += cat({" pid:", std::to_string(change.pid)});
  }
  if (change.status && change.status->signaled()) {
    const int signal = change.status->signal();
    text += cat({" signal:", std::to_string(signal), " signalname:", signal_name(signal)});
  } else if (change.status) {
    text += cat({" exitcode:", std::to_string(change.status->exit_code())});
  }
  return text;
}

/// What a program wrote, as text: the whole chunk becomes a bytes literal if any of it is not
/// UTF-8.
std::string data_text(std::string_view data) {
  return is_valid_utf8(data) ? std::string(data) : cat({"Undecodable: ", python_bytes_repr(data)});
}

}  // namespace

std::string_view event_name(EventType type) {
  return row_of(type).name;
}

std::optional<EventType> event_from_name(std::string_view name) {
  const std::string upper = ascii_upper(name);
  const auto* found = std::ranges::find(kTypes, std::string_view(upper), &TypeRow::name);
  if (found == kTypes.end()) {
    return std::nullopt;
  }
  return found->type;
}

EventType state_event_type(ProcessState state) {
  switch (state) {
    case ProcessState::stopped:
      return EventType::process_state_stopped;
    case ProcessState::starting:
      return EventType::process_state_starting;
    case ProcessState::running:
      return EventType::process_state_running;
    case ProcessState::backoff:
      return EventType::process_state_backoff;
    case ProcessState::stopping:
      return EventType::process_state_stopping;
    case ProcessState::exited:
      return EventType::process_state_exited;
    case ProcessState::fatal:
      return EventType::process_state_fatal;
    case ProcessState::unknown:
      return EventType::process_state_unknown;
  }
  return EventType::process_state_unknown;  // not one of ours
}

bool is_a(EventType type, EventType ancestor) {
  while (type != ancestor) {
    const EventType parent = row_of(type).parent;
    if (parent == type) {
      return false;
    }
    type = parent;
  }
  return true;
}

std::string_view channel_name(Channel channel) {
  return channel == Channel::standard_output ? "stdout" : "stderr";
}

Event process_state_event(ProcessName who, const StateChange& change) {
  return {state_event_type(change.to),
          cat({who_tokens(who), " from_state:", state_name(change.from), state_tokens(change)})};
}

Event process_crash_event(ProcessName who, const StateChange& change) {
  return {EventType::process_crash, end_tokens(who, change)};
}

Event process_oom_event(ProcessName who, const StateChange& change, std::string_view verdict,
                        std::string_view kind) {
  return {EventType::process_oom,
          cat({end_tokens(who, change), " verdict:", verdict, " kind:", kind})};
}

Event process_log_event(ProcessName who, pid_t pid, Channel channel, std::string_view data) {
  const EventType type = channel == Channel::standard_output ? EventType::process_log_stdout
                                                             : EventType::process_log_stderr;
  return {type, cat({who_tokens(who), " pid:", std::to_string(pid),
                     " channel:", channel_name(channel), "\n", data_text(data)})};
}

Event process_communication_event(ProcessName who, pid_t pid, Channel channel,
                                  std::string_view data) {
  const EventType type = channel == Channel::standard_output
                             ? EventType::process_communication_stdout
                             : EventType::process_communication_stderr;
  return {type, cat({who_tokens(who), " pid:", std::to_string(pid), "\n", data_text(data)})};
}

Event remote_communication_event(std::string_view type, std::string_view data) {
  return {EventType::remote_communication, cat({"type:", type, "\n", data})};
}

Event supervisor_state_event(Mood mood) {
  const EventType type = mood == Mood::running ? EventType::supervisor_state_change_running
                                               : EventType::supervisor_state_change_stopping;
  return {type, {}};
}

Event group_added_event(std::string_view group) {
  return {EventType::process_group_added, cat({"groupname:", group, "\n"})};
}

Event group_removed_event(std::string_view group) {
  return {EventType::process_group_removed, cat({"groupname:", group, "\n"})};
}

Event tick_event(EventType type, std::int64_t slice_start) {
  return {type, cat({"when:", std::to_string(slice_start)})};
}

}  // namespace sv::core
