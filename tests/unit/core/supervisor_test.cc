#include "core/supervisor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/supervised_world.h"

namespace sv::core {
namespace {

using namespace std::chrono_literals;
using test::group;
using test::SupervisedWorld;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
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

// Groups -----------------------------------------------------------------------------------------

TEST(Supervisor, KeepsGroupsInOrderOfPriorityThenName) {
  SupervisedWorld world;
  world.add(group("b", {}, 5));
  world.add(group("c", {}, 1));
  world.add(group("a", {}, 5));
  std::vector<std::string> names;
  for (const auto& active : world.core().groups()) {
    names.push_back(active->name());
  }
  EXPECT_THAT(names, ElementsAre("c", "a", "b"));
}

TEST(Supervisor, RefusesASecondGroupOfTheSameName) {
  SupervisedWorld world;
  world.add(group("a", {{.name = "p"}}));
  const auto again = world.core().add_group(group("a", {}), world.now());
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::already_exists);
  EXPECT_EQ(again.error().message, "cannot add group 'a': it is active");
  EXPECT_NE(world.core().find("a", "p"), nullptr) << "the first one is untouched";
}

TEST(Supervisor, FindsProcessesByNameIdAndPid) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}, {.name = "b"}}));
  world.add(group("h", {{.name = "a"}}));
  world.run();
  const Process* a = world.core().find("h", "a");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(a->group->name, "h");
  EXPECT_EQ(world.core().find(a->id), a);
  EXPECT_EQ(world.core().find_by_pid(a->record().pid), a);
  EXPECT_NE(world.core().find("g", "a"), a);
  EXPECT_EQ(world.core().find("g", "c"), nullptr);
  EXPECT_EQ(world.core().find("i", "a"), nullptr);
  EXPECT_EQ(world.core().find(ProcessId{999}), nullptr);
  EXPECT_EQ(world.core().find_by_pid(0), nullptr) << "0 is not the pid of what does not run";
  EXPECT_EQ(world.core().find_by_pid(1), nullptr);
}

TEST(Supervisor, ForgetsThePidOfAnEndedProcess) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a", .autorestart = config::AutoRestart::never}}));
  world.run();
  const pid_t pid = world.process("a").record().pid;
  world.exits("a", 0);
  EXPECT_EQ(world.core().find_by_pid(pid), nullptr);
}

TEST(Supervisor, RemovesOnlyStoppedGroups) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}, {.name = "b", .autostart = false}}));
  world.run();
  auto removed = world.remove("g");
  ASSERT_FALSE(removed.has_value());
  EXPECT_EQ(removed.error().code, ErrorCode::unavailable);
  world.stop("a");
  EXPECT_FALSE(world.remove("g").has_value()) << "STOPPING is not stopped";
  world.exits("a", 0);
  EXPECT_TRUE(world.remove("g").has_value());
  EXPECT_EQ(world.core().find_group("g"), nullptr);
  removed = world.remove("g");
  ASSERT_FALSE(removed.has_value());
  EXPECT_EQ(removed.error().code, ErrorCode::not_found);
}

TEST(Supervisor, BackoffHoldsUpTheRemovalOfItsGroup) {
  SupervisedWorld world;
  world.unspawnable = {"a"};
  world.add(group("g", {{.name = "a"}}));
  world.run();
  EXPECT_EQ(world.state("a"), backoff);
  EXPECT_FALSE(world.remove("g").has_value());
}

TEST(Supervisor, NeverReusesIds) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  const ProcessId first = world.process("a").id;
  ASSERT_TRUE(world.remove("g").has_value());
  world.add(group("g", {{.name = "a"}}));
  EXPECT_NE(world.process("a").id, first);
  EXPECT_EQ(world.core().find(first), nullptr);
  world.feed(first, stimulus::Start{});
  EXPECT_EQ(world.state("a"), stopped) << "what was meant for the old one does not hit the new one";
}

TEST(Supervisor, DropsTheThrottledRestartOfARemovedGroup) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a", .start_secs = 0s}}));
  world.run();
  world.exits("a", 1);
  EXPECT_TRUE(world.core().next_deadline().has_value());
  EXPECT_TRUE(world.remove("g").has_value());
  EXPECT_FALSE(world.core().next_deadline().has_value());
  world.pass(10s);
}

TEST(Supervisor, ForgetsThePidOfARemovedUnknownProcess) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  world.run();
  const pid_t pid = world.process("a").record().pid;
  world.stop("a");
  world.feed("a", stimulus::KillFailed{"EPERM"});
  EXPECT_TRUE(world.remove("g").has_value());
  EXPECT_EQ(world.core().find_by_pid(pid), nullptr);
}

TEST(Supervisor, KeepsTheConfigurationOfAnActiveGroupAlive) {
  SupervisedWorld world;
  std::weak_ptr<const config::GroupConfig> watch;
  {
    auto config = group("g", {{.name = "a"}});
    watch = config;
    world.add(std::move(config));
  }
  EXPECT_FALSE(watch.expired());
  ASSERT_TRUE(world.remove("g").has_value());
  EXPECT_TRUE(watch.expired());
}

// Start ------------------------------------------------------------------------------------------

TEST(Supervisor, StartsNothingBeforeItRuns) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  EXPECT_THAT(world.trace(), ElementsAre("added g"));
  EXPECT_EQ(world.core().mood(), Mood::running);
}

TEST(Supervisor, StartsGroupsInOrderAndMembersAsConfigured) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(group("late", {{.name = "z", .priority = 9}, {.name = "y", .priority = 1}}, 20));
  world.add(group("early", {{.name = "b"}, {.name = "idle", .autostart = false}}, 10));
  static_cast<void>(world.trace());
  world.run();
  EXPECT_THAT(world.trace(), ElementsAre("mood RUNNING", "b STARTING", "spawn b", "z STARTING",
                                         "spawn z", "y STARTING", "spawn y"));
  EXPECT_EQ(world.state("idle"), stopped);
}

TEST(Supervisor, StartsTheMembersOfALaterGroupAtOnce) {
  SupervisedWorld world;
  world.run();
  world.add(group("g", {{.name = "a"}, {.name = "idle", .autostart = false}}));
  EXPECT_THAT(world.trace(), ElementsAre("mood RUNNING", "added g", "a STARTING", "spawn a",
                                         "INFO spawned: 'a' with pid 101"));
}

TEST(Supervisor, RunsOnce) {
  SupervisedWorld world;
  world.run();
  static_cast<void>(world.trace());
  world.run();
  EXPECT_THAT(world.trace(), IsEmpty());
}

TEST(Supervisor, QueuesAnswersBehindWhatIsWaiting) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}, {.name = "b"}}));
  static_cast<void>(world.trace());
  world.run();
  EXPECT_THAT(world.trace(),
              ElementsAre("mood RUNNING", "a STARTING", "spawn a", "b STARTING", "spawn b",
                          "INFO spawned: 'a' with pid 101", "INFO spawned: 'b' with pid 102"));
}

// Time -------------------------------------------------------------------------------------------

TEST(Supervisor, WaitsForTheEarliestDeadline) {
  SupervisedWorld world;
  EXPECT_FALSE(world.core().next_deadline().has_value());
  world.add(group("g", {{.name = "a", .start_secs = 5s}, {.name = "b", .start_secs = 2s}}));
  world.run();
  EXPECT_EQ(world.core().next_deadline(), world.now().mono + 2s);
  world.pass(2s);
  EXPECT_EQ(world.state("a"), starting);
  EXPECT_EQ(world.state("b"), running);
  EXPECT_EQ(world.core().next_deadline(), world.now().mono + 3s);
  world.pass(3s);
  EXPECT_EQ(world.state("a"), running);
  EXPECT_FALSE(world.core().next_deadline().has_value()) << "nothing is due, nothing wakes up";
}

TEST(Supervisor, IsNotConfusedByAnEarlyWakeUp) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  world.run();
  static_cast<void>(world.trace());
  world.core().deadline_reached(world.now());
  EXPECT_FALSE(world.core().take_effect().has_value());
}

TEST(Supervisor, RetriesAndGivesUp) {
  SupervisedWorld world;
  world.unspawnable = {"a"};
  world.traced = Level::critical;
  world.add(group("g", {{.name = "a", .start_retries = 1}}));
  world.run();
  world.pass(1h);
  EXPECT_THAT(world.trace(), ElementsAre("added g", "mood RUNNING", "a STARTING", "a BACKOFF",
                                         "a STARTING", "a BACKOFF", "a FATAL"));
}

// Effects that were overtaken --------------------------------------------------------------------

TEST(Supervisor, DropsAKillWhoseProcessIsGone) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  world.run();
  const ProcessId id = world.process("a").id;
  world.core().feed(id, stimulus::Stop{}, world.now());
  world.core().feed(id, stimulus::Exited{WaitStatus::from_exit(0)}, world.now());
  static_cast<void>(world.trace());
  world.perform();
  EXPECT_THAT(world.trace(),
              ElementsAre("a STOPPING", "a STOPPED", "INFO stopped: a (exit status 0)"));
}

TEST(Supervisor, DropsAKillWhoseProcessHasASuccessor) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a", .start_secs = 0s}}));
  world.run();
  const ProcessId id = world.process("a").id;
  world.core().feed(id, stimulus::Stop{}, world.now());
  world.core().feed(id, stimulus::Exited{WaitStatus::from_exit(0)}, world.now());
  world.core().feed(id, stimulus::Start{}, world.now());
  world.core().feed(id, stimulus::Spawned{500}, world.now());
  while (const auto effect = world.core().take_effect()) {
    const auto* of_process = std::get_if<ProcessEffect>(&*effect);
    EXPECT_FALSE(of_process && std::holds_alternative<effect::Kill>(of_process->effect));
  }
}

TEST(Supervisor, CarriesOutAStopThatCameBeforeTheSpawn) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(group("g", {{.name = "a"}, {.name = "b"}}));
  world.core().run(world.now());
  world.core().feed(world.process("b").id, stimulus::Stop{}, world.now());
  static_cast<void>(world.trace());
  world.perform();
  EXPECT_THAT(world.trace(), ElementsAre("mood RUNNING", "a STARTING", "spawn a", "b STARTING",
                                         "spawn b", "b STOPPING", "kill b SIGTERM"));
}

// Shutdown ---------------------------------------------------------------------------------------

TEST(Supervisor, EndsAtOnceWhenNothingRuns) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a", .autostart = false}}));
  world.run();
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN", "all stopped"));
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

TEST(Supervisor, CanEndBeforeItRan) {
  SupervisedWorld world;
  world.add(group("g", {{.name = "a"}}));
  world.begin_stop();
  world.run();
  EXPECT_THAT(world.trace(), ElementsAre("added g", "mood SHUTDOWN", "all stopped"));
}

TEST(Supervisor, StopsGroupsOneAfterAnotherInReverseOrder) {
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

TEST(Supervisor, SkipsGroupsWithNothingToStopAtOnce) {
  SupervisedWorld world;
  run_singles(world, {"a", "b", "c", "d"});
  world.exits("b", 0);
  world.exits("c", 0);
  world.begin_stop();
  static_cast<void>(world.trace());
  world.dies("d", SIGTERM);
  EXPECT_THAT(world.trace(), ElementsAre("d STOPPED", "a STOPPING", "kill a SIGTERM"));
}

TEST(Supervisor, StopsMembersTogetherByDescendingPriorityTiesInReverse) {
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

TEST(Supervisor, MembersInBackoffBecomeFatalWhenTheirTurnComes) {
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

TEST(Supervisor, ReportsWhatItWaitsForAtOnceAndEveryThreeSeconds) {
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

TEST(Supervisor, ReportsStatesInDetailAtTheLowestLevel) {
  SupervisedWorld world;
  run_singles(world, {"a", "b"});
  world.traced = Level::blather;
  world.begin_stop();
  EXPECT_THAT(world.trace(),
              ElementsAre("mood SHUTDOWN", "DEBG killing b (pid 102) with signal SIGTERM",
                          "b STOPPING", "kill b SIGTERM", "INFO waiting for a, b to die",
                          "BLAT a state: RUNNING", "BLAT b state: STOPPING"));
}

TEST(Supervisor, KillsAStubbornProcessAndWaitsForIt) {
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

TEST(Supervisor, WaitsForWhatAUserHadAlreadyToldToStop) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.stop("a");
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_THAT(world.trace(), ElementsAre("mood SHUTDOWN")) << "no second signal";
  world.exits("a", 0);
  EXPECT_TRUE(world.all_stopped());
}

TEST(Supervisor, DoesNotWaitForTheUnknown) {
  SupervisedWorld world;
  run_singles(world, {"a"});
  world.begin_stop();
  world.feed("a", stimulus::KillFailed{"EPERM"});
  EXPECT_TRUE(world.all_stopped());
}

TEST(Supervisor, StartsNothingWhileItEnds) {
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

TEST(Supervisor, PromotesStartingProcessesWhileTheyWaitForTheirTurn) {
  SupervisedWorld world;
  world.add(group("a", {{.name = "a", .start_secs = 2s}}));
  world.add(group("b", {{.name = "b", .start_secs = 0s}}));
  world.run();
  world.begin_stop();
  world.pass(2s);
  EXPECT_EQ(world.state("a"), running);
}

TEST(Supervisor, ARestartTurnsIntoAShutdownButNotBack) {
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

TEST(Supervisor, AGroupCanBeRemovedWhileTheDaemonEnds) {
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

TEST(Supervisor, EndsCleanlyWithSpawnsStillQueued) {
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

}  // namespace
}  // namespace sv::core
