#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/supervisor.h"
#include "support/supervised_world.h"

/// A thousand processes: work grows with what happens, not with what exists. Counted in wake-ups
/// and effects; a test that takes noticeable time has found something quadratic.
namespace sv::core {
namespace {

using namespace std::chrono_literals;
using test::Policy;
using test::SupervisedWorld;

constexpr int kMany = 1000;

std::vector<Policy> many(const Policy& pattern) {
  std::vector<Policy> members(kMany, pattern);
  for (int i = 0; i < kMany; ++i) {
    members[static_cast<std::size_t>(i)].name = "p" + std::to_string(i);
  }
  return members;
}

std::size_t count_in_state(const Group& group, ProcessState state) {
  std::size_t count = 0;
  for (const auto& process : group.processes()) {
    count += process->state() == state ? 1U : 0U;
  }
  return count;
}

TEST(SupervisorAtScale, ManyThatAreDueAtOnceAreServedAFewAtATime) {
  SupervisedWorld world;
  world.add(test::group("g", many({.start_secs = 2s})));
  world.run();
  world.clock().advance(2s);
  world.core().deadline_reached(world.now());
  world.perform();
  const Group& group = *world.core().find_group("g");
  EXPECT_EQ(count_in_state(group, ProcessState::running), Supervisor::kMostDue);
  ASSERT_TRUE(world.core().next_deadline().has_value());
  EXPECT_LE(*world.core().next_deadline(), world.now().mono)
      << "after other work it goes on at once";
  world.pass(0s);
  EXPECT_EQ(count_in_state(group, ProcessState::running), kMany);
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

TEST(SupervisorAtScale, AThousandGroupsEndOneAfterAnother) {
  SupervisedWorld world;
  world.traced = Level::critical;
  for (const Policy& member : many({.start_secs = 0s})) {
    world.add(test::group(member.name, {member}));
  }
  world.run();
  world.begin_stop();
  for (int round = 0; round < kMany && !world.all_stopped(); ++round) {
    const auto& groups = world.core().groups();
    const auto& last = groups[groups.size() - 1 - static_cast<std::size_t>(round)];
    ASSERT_EQ(last->processes()[0]->state(), ProcessState::stopping);
    world.feed(last->processes()[0]->id, stimulus::Exited{WaitStatus::from_signal(SIGTERM)});
  }
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorAtScale, OneGroupOfAThousandIsStoppedTogether) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(test::group("g", many({.start_secs = 0s})));
  world.run();
  const Group& group = *world.core().find_group("g");
  static_cast<void>(world.trace());
  world.begin_stop();
  EXPECT_EQ(count_in_state(group, ProcessState::stopping), kMany);
  for (const auto& process : group.processes()) {
    world.feed(process->id, stimulus::Exited{WaitStatus::from_signal(SIGTERM)});
  }
  EXPECT_TRUE(world.all_stopped());
}

TEST(SupervisorAtScale, ACrashLoopLeavesNothingBehind) {
  SupervisedWorld world;
  world.traced = Level::critical;
  world.add(test::group("g", {{.name = "a", .start_secs = 0s}}));
  world.run();
  for (int round = 0; round < 2 * kMany; ++round) {
    world.exits("a", 1);
    world.pass(1s);
    static_cast<void>(world.trace());
  }
  EXPECT_EQ(world.process("a").record().spawns, 2 * kMany + 1U);
  EXPECT_FALSE(world.core().next_deadline().has_value());
}

}  // namespace
}  // namespace sv::core
