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

}  // namespace
}  // namespace sv::core
