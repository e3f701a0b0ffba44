#include "web/events.h"

#include "web_fixture.h"

namespace sv::web {
namespace {

using EventsTest = WebTest;

TEST_F(EventsTest, AFrameIsATypeANumberAndOneLine) {
  EXPECT_EQ(event_frame(7, "state", "{}"), "id: 7\nevent: state\ndata: {}\n\n");
}

TEST_F(EventsTest, AChangeTellsFromWhereToWhereAndTheProgramAsItIsNow) {
  host.world.start("a");
  core::StateChange change;
  change.to = core::ProcessState::starting;
  const Json event = *parse_json(state_event(host, host.world.process("a"), change));
  EXPECT_EQ(event["name"], "g:a");
  EXPECT_EQ(event["from"], "STOPPED");
  EXPECT_EQ(event["to"], "STARTING");
  EXPECT_EQ(event["now"], 1795400839.0);
  EXPECT_EQ(event["program"]["pid"], 101);
}

TEST_F(EventsTest, AGroupBringsItsPrograms) {
  const Json added = *parse_json(group_added_event(host, "g"));
  EXPECT_EQ(added["group"], "g");
  ASSERT_EQ(added["programs"].size(), 2U);
  EXPECT_EQ(added["programs"][1]["name"], "g:b");
  EXPECT_EQ(group_removed_event("g"), R"({"group":"g"})");
}

TEST_F(EventsTest, TheDaemonsMoodIsAnEvent) {
  EXPECT_EQ(daemon_event(core::Mood::shutdown), R"({"state":"SHUTDOWN"})");
}

}  // namespace
}  // namespace sv::web
