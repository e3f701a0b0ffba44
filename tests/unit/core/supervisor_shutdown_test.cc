#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/supervisor.h"
#include "support/supervised_world.h"

namespace sv::core {
namespace {

using namespace std::chrono_literals;
using test::group;
using test::SupervisedWorld;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using enum ProcessState;

/// A world where groups a, b, ... each run one process of the same name, and nothing is logged.
void run_singles(SupervisedWorld& world, const std::vector<std::string>& names) {
  world.traced = Level::critical;
  for (const std::string& name : names) {
    world.add(group(name, {{.name = name, .start_secs = 0s}}));
  }
  world.run();
  static_cast<void>(world.trace());
}

TEST(SupervisorShutdown, EndsAtOnceWhenNothingRuns) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a", .autostart = false}}));
  world.run();
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "all stopped"));
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

TEST(SupervisorShutdown, CanEndBeforeItRan) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  world.begin_stop();
  world.run();
  EXPECT_THAT(world.trace(), ElementsAre("added g", "mood SHUTDOWN", "all stopped"));
}

TEST(SupervisorShutdown, StopsGroupsOneAfterAnotherInReverseOrder) {
  SupervisedWorld world;
  run_singles(world, {"a", "b", "c"});
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "c STOPPING", "kill c SIGTERM"));
  world.dies("c", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("c STOPPED", "b STOPPING", "kill b SIGTERM"));
  world.dies("b", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("b STOPPED", "a STOPPING", "kill a SIGTERM"));
  world.dies("a", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("a STOPPED", "all stopped"));
}

TEST(SupervisorShutdown, StopsAFamilysGroupsOfOnePriorityTogether) {
  SupervisedWorld world;
  world.traced = Level::critical;
  const auto service = [&world](const std::string& name, int priority) {
    auto config =
        std::make_shared<config::GroupConfig>(*group(name, {{.name = name, .start_secs = 0s}}));
    config->name = "service:" + name;
    config->priority = priority;
    world.add(config);
  };
  service("a", 0);
  service("b", 0);
  service("b-log", -1);
  world.run();
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "b STOPPING", "kill b SIGTERM",
                                         "a STOPPING", "kill a SIGTERM"));
  world.dies("b", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("b STOPPED"));
  world.dies("a", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("a STOPPED", "b-log STOPPING", "kill b-log SIGTERM"));
  world.dies("b-log", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("b-log STOPPED", "all stopped"));
}

TEST(SupervisorShutdown, SkipsGroupsWithNothingToStopAtOnce) {
  SupervisedWorld world;
  run_singles(world, {"a", "b", "c", "d"});
  world.exits("b", 0);
  world.exits("c", 0);
  world.begin_stop();
  static_cast<void>(world.trace());
  world.dies("d", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("d STOPPED", "a STOPPING", "kill a SIGTERM"));
}

TEST(SupervisorShutdown, StopsMembersTogetherByDescendingPriorityTiesInReverse) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(group("g", {{.name = "n_0", .start_secs = 0s, .priority = 5},
                        {.name = "n_1", .start_secs = 0s, .priority = 5},
                        {.name = "first", .start_secs = 0s, .priority = 9},
                        {.name = "last", .start_secs = 0s, .priority = 1}}));
  world.run();
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "first STOPPING", "kill first SIGTERM",
                                         "n_1 STOPPING", "kill n_1 SIGTERM", "n_0 STOPPING",
                                         "kill n_0 SIGTERM", "last STOPPING", "kill last SIGTERM"));
}

TEST(SupervisorShutdown, MembersInBackoffBecomeFatalWhenTheirTurnComes) {
  SupervisedWorld world;
  world.unspawnable = {"broken"};
  world.add(group("a", {{.name = "broken", .start_retries = 100}}));
  world.add(group("b", {{.name = "b", .start_secs = 0s}}));
  world.run();
  world.begin_stop();
  static_cast<void>(world.trace());
  EXPECT_EQ(world.state("broken"), backoff) << "group b has the turn";
  world.pass(2s);
  EXPECT_EQ(world.state("broken"), backoff) << "nothing is started while the daemon stops";
  world.exits("b", 0);
  EXPECT_THAT(world.trace(), ElementsAre("b STOPPED", "INFO stopped: b (exit status 0)",
                                         "broken FATAL", "all stopped"));
}

TEST(SupervisorShutdown, ReportsWhatItWaitsForAtOnceAndEveryThreeSeconds) {
  SupervisedWorld world;
  run_singles(world, {"a", "b"});
  world.traced = Level::info;
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "b STOPPING", "kill b SIGTERM",
                                         "INFO waiting for a, b to die"));
  world.pass(2999ms);
  EXPECT_THAT(world.trace(), IsEmpty());
  world.pass(1ms);
  EXPECT_THAT(world.trace(), ElementsAre("INFO waiting for a, b to die"));
  world.dies("b", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("b STOPPED", "WARN stopped: b (terminated by SIGTERM)",
                                         "a STOPPING", "kill a SIGTERM"))
      << "at most every three seconds";
  world.pass(3s);
  EXPECT_THAT(world.trace(), ElementsAre("INFO waiting for a to die"));
}

TEST(SupervisorShutdown, ReportsStatesInDetailAtTheLowestLevel) {
  SupervisedWorld world;
  run_singles(world, {"a", "b"});
  world.traced = Level::blather;
  world.begin_stop();
  EXPECT_THAT(world.trace(),
              ElementsAre("mood SHUTDOWN", "DEBG killing b (pid 102) with signal SIGTERM",
                          "b STOPPING", "kill b SIGTERM", "INFO waiting for a, b to die",
                          "BLAT a state: RUNNING", "BLAT b state: STOPPING"));
}

TEST(SupervisorShutdown, KillsAStubbornProcessAndWaitsForIt) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.begin_stop();
  static_cast<void>(world.trace());
  world.pass(10s);
  EXPECT_THAT(world.trace(), ElementsAre("kill a SIGKILL"));
  EXPECT_FALSE(world.all_stopped());
  world.dies("a", SIGKILL);
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorShutdown, WaitsForWhatAUserHadAlreadyToldToStop) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.stop("a");
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN")) << "no second signal";
  world.exits("a", 0);
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorShutdown, DoesNotWaitForTheUnknown) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.begin_stop();
  world.feed("a", stimulus::KillFailed{"EPERM"});
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorShutdown, StartsNothingWhileItEnds) {
  SupervisedWorld world;
  run_singles(world, {"a", "b"});
  world.begin_stop();
  world.exits("a", 1);
  EXPECT_EQ(world.state("a"), exited);
  world.start("a");
  world.add(group("new", {{.name = "new"}}));
  world.start("new");
  world.pass(5s);
  EXPECT_EQ(world.state("a"), exited);
  EXPECT_EQ(world.state("new"), stopped);
}

TEST(SupervisorShutdown, PromotesStartingProcessesWhileTheyWaitForTheirTurn) {
  SupervisedWorld world;
  world.add(group("a", {{.name = "a", .start_secs = 2s}}));
  world.add(group("b", {{.name = "b", .start_secs = 0s}}));
  world.run();
  world.begin_stop();
  world.pass(2s);
  EXPECT_EQ(world.state("a"), running);
}

TEST(SupervisorShutdown, ARestartTurnsIntoAShutdownButNotBack) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.begin_stop(Mood::restarting);
  EXPECT_EQ(world.core().mood(), Mood::restarting);
  EXPECT_THAT(world.trace(), ElementsAre("mood RESTARTING", "a STOPPING", "kill a SIGTERM"));
  world.begin_stop(Mood::shutdown);
  EXPECT_EQ(world.core().mood(), Mood::shutdown);
  world.begin_stop(Mood::restarting);
  EXPECT_EQ(world.core().mood(), Mood::shutdown);
  world.begin_stop(Mood::running);
  EXPECT_EQ(world.core().mood(), Mood::shutdown);
  EXPECT_THAT(world.trace(), IsEmpty()) << "a second request has no other effect";
}

TEST(SupervisorShutdown, AGroupCanBeRemovedWhileTheDaemonEnds) {
  SupervisedWorld world;
  run_singles(world, {"a", "b", "c"});
  world.exits("b", 0);
  world.begin_stop();
  EXPECT_TRUE(world.remove("b").has_value());
  world.dies("c", SIGTERM);
  EXPECT_TRUE(world.remove("c").has_value()) << "it just had the turn";
  world.dies("a", SIGTERM);
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorShutdown, EndsCleanlyWithSpawnsStillQueued) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(group("a", {{.name = "a"}}));
  world.add(group("b", {{.name = "b"}}));
  world.unspawnable = {"b"};
  world.core().run(world.now());
  world.core().begin_stop(Mood::shutdown, world.now());
  static_cast<void>(world.trace());
  world.perform();
  EXPECT_EQ(world.state("b"), fatal);
  EXPECT_EQ(world.state("a"), stopping);
  world.dies("a", SIGTERM);
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorShutdown, DividesTheTimeThereIsAmongTheGroupsThatAreLeft) {
  SupervisedWorld world;
  run_singles(world, {"a", "b", "c"});  // stopwaitsecs is 10 for all
  world.traced = Level::warn;
  world.begin_stop(Mood::shutdown, 9s);
  EXPECT_THAT(
      world.trace(),
      ElementsAre("mood SHUTDOWN", "c STOPPING", "kill c SIGTERM",
                  "WARN c gets 3.0 s of its stopwaitsecs=10: everything must be down in time"));
  world.dies("c", SIGTERM);  // took no time: the others share it
  EXPECT_THAT(
      world.trace(),
      Contains("WARN b gets 4.5 s of its stopwaitsecs=10: everything must be down in time"));
  world.pass(4500ms);
  EXPECT_THAT(world.trace(), Contains("kill b SIGKILL"));
  world.dies("b", SIGKILL);
  EXPECT_THAT(world.core().killed(), ElementsAre("b"));
  world.dies("a", SIGTERM);
  EXPECT_TRUE(world.all_stopped());
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

TEST(SupervisorShutdown, LeavesStopwaitsecsAloneWhereItFits) {
  SupervisedWorld world;
  world.traced = Level::warn;
  world.add(group("a", {{.name = "a", .start_secs = 0s, .stop_wait = 2s}}));
  world.run();
  static_cast<void>(world.trace());
  world.begin_stop(Mood::shutdown, 9s);
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "a STOPPING", "kill a SIGTERM"));
  world.pass(2s);
  EXPECT_THAT(world.trace(), Contains("kill a SIGKILL"));
}

TEST(SupervisorShutdown, KillsOnceWhenAShareAndTheWholeTimeEndTogether) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.begin_stop(Mood::shutdown, 4s);
  static_cast<void>(world.trace());
  world.pass(4s);
  EXPECT_THAT(world.trace(), ElementsAre("kill a SIGKILL"));
}

TEST(SupervisorShutdown, EndsInTimeWithoutWhatSurvivesEverything) {
  SupervisedWorld world;
  run_singles(world, {"stuck", "later"});
  world.begin_stop(Mood::shutdown, 4s);
  world.dies("later", SIGTERM);
  world.pass(4s);
  EXPECT_FALSE(world.all_stopped());
  static_cast<void>(world.trace());
  world.traced = Level::critical;
  world.pass(Supervisor::kLastGrace);
  EXPECT_THAT(world.trace(),
              ElementsAre("CRIT ending without waiting for stuck to die", "all stopped"));
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

TEST(SupervisorShutdown, HurryKillsWhatIsLeftAtOnceWhoeverIsInTurn) {
  SupervisedWorld world;
  run_singles(world, {"a", "b"});
  world.hurry();  // nothing: it does not end
  EXPECT_THAT(world.trace(), IsEmpty());
  world.begin_stop();
  static_cast<void>(world.trace());
  world.hurry();
  EXPECT_THAT(world.trace(), ElementsAre("a STOPPING", "kill a SIGKILL", "kill b SIGKILL"));
  world.dies("a", SIGKILL);
  world.dies("b", SIGKILL);
  EXPECT_TRUE(world.all_stopped());
  EXPECT_THAT(world.core().killed(), UnorderedElementsAre("a", "b"));
}

}  // namespace
}  // namespace sv::core
