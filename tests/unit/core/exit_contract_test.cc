#include "core/exit_contract.h"

#include <gtest/gtest.h>

#include "support/supervised_world.h"

namespace sv::core {
namespace {

using namespace std::chrono_literals;
using config::ExitOn;
using config::OnExit;
using config::OnFatal;
using test::group;
using test::Policy;
using test::SupervisedWorld;

/// What the contract says about the last change of `name`, which led to its present state.
std::optional<EndReason> verdict(const SupervisedWorld& world, ExitOn rule, std::string_view name) {
  const Process& process = world.process(name);
  StateChange change;
  change.to = process.state();
  change.status = process.record().last_exit;
  return reason_to_end(rule, world.core().groups(), process, change);
}

void run(SupervisedWorld& world, const std::vector<Policy>& policies) {
  for (const Policy& policy : policies) {
    world.add(group(policy.name, {policy}));
  }
  world.run();
}

TEST(ExitContract, NothingEndsAPlainConfiguration) {
  SupervisedWorld world;
  run(world, {{.name = "x", .start_secs = 0s, .autorestart = config::AutoRestart::never}});
  world.exits("x", 3);
  EXPECT_FALSE(verdict(world, ExitOn::none, "x").has_value());
}

TEST(ExitContract, AProgramThatDecidesGivesItsStatus) {
  SupervisedWorld world;
  run(world, {{.name = "x",
               .start_secs = 0s,
               .autorestart = config::AutoRestart::always,
               .on_exit = OnExit::shutdown},
              {.name = "y", .start_secs = 0s}});
  world.exits("x", 3);
  ASSERT_EQ(world.state("x"), ProcessState::exited);  // not restarted
  EXPECT_EQ(verdict(world, ExitOn::none, "x"),
            (EndReason{3, "ending: x has ended (exit status 3)"}));
  world.start("x");
  world.dies("x", SIGSEGV);
  EXPECT_EQ(verdict(world, ExitOn::none, "x")->status, 139);
  world.start("x");
  world.exits("x", 0);
  EXPECT_EQ(verdict(world, ExitOn::none, "x")->status, 0);
}

TEST(ExitContract, AStopOnRequestDecidesNothing) {
  SupervisedWorld world;
  run(world, {{.name = "x", .start_secs = 0s, .on_exit = OnExit::shutdown}});
  world.stop("x");
  world.dies("x", SIGTERM);
  ASSERT_EQ(world.state("x"), ProcessState::stopped);
  EXPECT_FALSE(verdict(world, ExitOn::all_exited, "x").has_value());
}

TEST(ExitContract, IgnoreNeitherRestartsNorEnds) {
  SupervisedWorld world;
  run(world, {{.name = "x",
               .start_secs = 0s,
               .autorestart = config::AutoRestart::always,
               .on_exit = OnExit::ignore}});
  world.exits("x", 1);
  EXPECT_EQ(world.state("x"), ProcessState::exited);
  EXPECT_FALSE(world.core().next_deadline().has_value());
  EXPECT_FALSE(verdict(world, ExitOn::none, "x").has_value());
}

TEST(ExitContract, FatalEndsWhereOneOfThreeSaysSo) {
  struct Row {
    Policy policy;
    ExitOn rule;
    bool ends;
  };
  const Row rows[] = {
      {{}, ExitOn::none, false},
      {{}, ExitOn::any_fatal, true},
      {{.on_fatal = OnFatal::shutdown}, ExitOn::none, true},
      {{.on_exit = OnExit::shutdown}, ExitOn::none, true},
      {{.on_exit = OnExit::ignore}, ExitOn::none, false},
  };
  for (Row row : rows) {
    row.policy.start_retries = 0;
    SupervisedWorld world;
    run(world, {row.policy});
    world.exits("x", 0);  // a program that came to nothing has failed, even with status 0
    ASSERT_EQ(world.state("x"), ProcessState::fatal);
    const auto reason = verdict(world, row.rule, "x");
    ASSERT_EQ(reason.has_value(), row.ends);
    if (reason) {
      EXPECT_EQ(*reason, (EndReason{1, "ending: x is FATAL (exit status 0)"}));
    }
  }
}

TEST(ExitContract, AllExitedWaitsForTheLastOneAndReportsTheFirstFailure) {
  SupervisedWorld world;
  run(world, {{.name = "a", .start_secs = 0s, .autorestart = config::AutoRestart::never},
              {.name = "b", .start_secs = 0s, .autorestart = config::AutoRestart::never},
              {.name = "c", .start_secs = 0s, .autorestart = config::AutoRestart::always}});
  world.exits("b", 4);
  EXPECT_FALSE(verdict(world, ExitOn::all_exited, "b").has_value());
  world.exits("c", 5);  // waits for its restart
  world.exits("a", 0);
  EXPECT_FALSE(verdict(world, ExitOn::all_exited, "a").has_value());
  world.stop("c");
  EXPECT_EQ(verdict(world, ExitOn::all_exited, "a")->status, 4);
}

TEST(ExitContract, ListenersDecideOnlyForThemselves) {
  SupervisedWorld world;
  config::GroupConfig pool = *group("tap", {{.name = "tap", .start_retries = 0}});
  pool.event_pool = config::EventPoolConfig{};
  world.add(std::make_shared<const config::GroupConfig>(pool));
  run(world, {{.name = "x", .start_secs = 0s, .autorestart = config::AutoRestart::never}});
  world.exits("x", 0);
  EXPECT_EQ(verdict(world, ExitOn::all_exited, "x")->status, 0);  // the listener runs on
  world.exits("tap", 1);
  ASSERT_EQ(world.state("tap"), ProcessState::fatal);
  EXPECT_FALSE(verdict(world, ExitOn::any_fatal, "tap").has_value());
  EXPECT_FALSE(verdict(world, ExitOn::all_exited, "tap").has_value());
}

}  // namespace
}  // namespace sv::core
