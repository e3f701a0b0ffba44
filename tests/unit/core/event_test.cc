#include "core/event.h"

#include <gtest/gtest.h>

#include <vector>

namespace sv::core {
namespace {

constexpr ProcessName kCat{"cat", "zoo"};

constexpr int kTypeCount = static_cast<int>(EventType::process_oom) + 1;

TEST(EventType, EveryNameLeadsBackToItsType) {
  for (int i = 0; i < kTypeCount; ++i) {
    const auto type = static_cast<EventType>(i);
    EXPECT_EQ(event_from_name(event_name(type)), type) << event_name(type);
  }
}

TEST(EventType, NamesAreFoundInAnyCaseAndNothingElseIs) {
  EXPECT_EQ(event_from_name("process_State_exited"), EventType::process_state_exited);
  EXPECT_EQ(event_from_name("EventS"), std::nullopt);
  EXPECT_EQ(event_from_name(""), std::nullopt);
  EXPECT_EQ(event_from_name(" TICK"), std::nullopt);
}

TEST(EventType, NamesSpellTheTree) {
  // A type is below exactly the types whose name is a proper prefix of its own, and EVENT.
  for (int i = 0; i < kTypeCount; ++i) {
    for (int j = 0; j < kTypeCount; ++j) {
      const auto type = static_cast<EventType>(i);
      const auto ancestor = static_cast<EventType>(j);
      const bool is_ours = type == EventType::process_crash || type == EventType::process_oom;
      const bool by_name = (ancestor == EventType::event && !is_ours) || type == ancestor ||
                           event_name(type).starts_with(std::string(event_name(ancestor)) + "_");
      EXPECT_EQ(is_a(type, ancestor), by_name) << event_name(type) << " " << event_name(ancestor);
    }
  }
}

TEST(Event, StateChangesCarryWhatTheReferenceSends) {
  using enum ProcessState;
  struct Row {
    StateChange change;
    EventType type;
    const char* payload;
  };
  const std::vector<Row> rows{
      {{stopped, starting, 0, 0, true, {}},
       EventType::process_state_starting,
       "processname:cat groupname:zoo from_state:STOPPED tries:0"},
      {{starting, running, 30235, 0, true, {}},
       EventType::process_state_running,
       "processname:cat groupname:zoo from_state:STARTING pid:30235"},
      {{starting, backoff, 0, 1, true, {}},
       EventType::process_state_backoff,
       "processname:cat groupname:zoo from_state:STARTING tries:1"},
      {{running, stopping, 30235, 0, true, {}},
       EventType::process_state_stopping,
       "processname:cat groupname:zoo from_state:RUNNING pid:30235"},
      {{stopping, stopped, 30235, 0, true, {}},
       EventType::process_state_stopped,
       "processname:cat groupname:zoo from_state:STOPPING pid:30235"},
      {{backoff, stopped, 0, 2, true, {}},
       EventType::process_state_stopped,
       "processname:cat groupname:zoo from_state:BACKOFF pid:0"},
      {{running, exited, 30667, 0, false, {}},
       EventType::process_state_exited,
       "processname:cat groupname:zoo from_state:RUNNING expected:0 pid:30667"},
      {{running, exited, 30667, 0, true, {}},
       EventType::process_state_exited,
       "processname:cat groupname:zoo from_state:RUNNING expected:1 pid:30667"},
      {{backoff, fatal, 0, 4, true, {}},
       EventType::process_state_fatal,
       "processname:cat groupname:zoo from_state:BACKOFF"},
      {{stopping, unknown, 7, 0, true, {}},
       EventType::process_state_unknown,
       "processname:cat groupname:zoo from_state:STOPPING"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(process_state_event(kCat, row.change), (Event{row.type, row.payload}));
  }
}

TEST(Event, LogEventsNameTheChannelAndCarryTheData) {
  EXPECT_EQ(process_log_event(kCat, 42, Channel::standard_output, "a\nb\n"),
            (Event{EventType::process_log_stdout,
                   "processname:cat groupname:zoo pid:42 channel:stdout\na\nb\n"}));
  EXPECT_EQ(process_log_event(kCat, 42, Channel::standard_error, ""),
            (Event{EventType::process_log_stderr,
                   "processname:cat groupname:zoo pid:42 channel:stderr\n"}));
}

TEST(Event, CommunicationEventsCarryTheMessageWithoutAChannel) {
  EXPECT_EQ(
      process_communication_event(kCat, 42, Channel::standard_output, "hi"),
      (Event{EventType::process_communication_stdout, "processname:cat groupname:zoo pid:42\nhi"}));
  EXPECT_EQ(
      process_communication_event(kCat, 42, Channel::standard_error, "hi"),
      (Event{EventType::process_communication_stderr, "processname:cat groupname:zoo pid:42\nhi"}));
}

TEST(Event, DataThatIsNotUtf8BecomesABytesLiteralAsAWhole) {
  EXPECT_EQ(process_log_event(kCat, 1, Channel::standard_output, "ok \xFFx\n").payload,
            "processname:cat groupname:zoo pid:1 channel:stdout\nUndecodable: b'ok \\xffx\\n'");
  EXPECT_EQ(process_communication_event(kCat, 1, Channel::standard_output, "it's \xFF").payload,
            "processname:cat groupname:zoo pid:1\nUndecodable: b\"it's \\xff\"");
}

TEST(Event, RemoteCommunicationKeepsTypeAndData) {
  EXPECT_EQ(remote_communication_event("mytype", "payload data\nline2"),
            (Event{EventType::remote_communication, "type:mytype\npayload data\nline2"}));
  EXPECT_EQ(remote_communication_event("", "").payload, "type:\n");
}

TEST(Event, SupervisorStateChangesAreEmpty) {
  EXPECT_EQ(supervisor_state_event(Mood::running),
            (Event{EventType::supervisor_state_change_running, ""}));
  EXPECT_EQ(supervisor_state_event(Mood::shutdown),
            (Event{EventType::supervisor_state_change_stopping, ""}));
  EXPECT_EQ(supervisor_state_event(Mood::restarting),
            (Event{EventType::supervisor_state_change_stopping, ""}));
}

TEST(Event, GroupPayloadsEndWithALineFeed) {
  EXPECT_EQ(group_added_event("zoo"), (Event{EventType::process_group_added, "groupname:zoo\n"}));
  EXPECT_EQ(group_removed_event("zoo"),
            (Event{EventType::process_group_removed, "groupname:zoo\n"}));
}

TEST(Event, TicksTellTheStartOfTheirSlice) {
  EXPECT_EQ(tick_event(EventType::tick_5, 1795400295),
            (Event{EventType::tick_5, "when:1795400295"}));
}

TEST(Event, CrashesAndWantOfMemoryTellHowItEnded) {
  StateChange change;
  change.from = ProcessState::running;
  change.to = ProcessState::exited;
  change.pid = 42;
  change.expected = false;
  change.status = WaitStatus::from_exit(3);
  EXPECT_EQ(process_crash_event({"app", "web"}, change),
            (Event{EventType::process_crash,
                   "processname:app groupname:web from_state:RUNNING pid:42 exitcode:3"}));
  change.status = WaitStatus::from_signal(9);
  EXPECT_EQ(process_oom_event({"app", "web"}, change, "certain", "kernel"),
            (Event{EventType::process_oom,
                   "processname:app groupname:web from_state:RUNNING pid:42 signal:9 "
                   "signalname:SIGKILL verdict:certain kind:kernel"}));
}

}  // namespace
}  // namespace sv::core
