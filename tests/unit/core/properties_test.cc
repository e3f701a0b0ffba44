#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/process_machine.h"
#include "core/supervisor.h"
#include "support/scenario.h"
#include "support/supervised_world.h"

/// What must hold whatever happens, in whatever order. The machine's own invariants are checked by
/// Scenario after every stimulus; here the stimuli are drawn by lot.
namespace sv::core {
namespace {

using namespace std::chrono_literals;
using test::Policy;
using test::Scenario;
using test::SupervisedWorld;

constexpr int kSteps = 10'000;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  /// 0 .. sides-1.
  int roll(int sides) { return static_cast<int>(engine_() % static_cast<unsigned>(sides)); }
  bool one_in(int sides) { return roll(sides) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(roll(static_cast<int>(from.size())))];
  }

  Policy policy(std::string name) {
    Policy policy;
    policy.name = std::move(name);
    policy.start_secs = std::chrono::seconds{pick<int>({-1, 0, 1, 3})};
    policy.start_retries = pick<int>({-1, 0, 1, 3});
    policy.autorestart = pick<config::AutoRestart>(
        {config::AutoRestart::never, config::AutoRestart::unexpected, config::AutoRestart::always});
    policy.stop_wait = std::chrono::seconds{pick<int>({-1, 0, 1, 10})};
    policy.stop_as_group = one_in(3);
    policy.kill_as_group = one_in(3);
    policy.priority = roll(4);
    policy.autostart = !one_in(4);
    return policy;
  }

 private:
  std::mt19937 engine_;
};

class Seeds : public ::testing::TestWithParam<unsigned> {};

// One machine ------------------------------------------------------------------------------------

/// Feeds anything at any time, sensible or not, except that only children that exist can end.
class MachineUnderRandomStimuli {
 public:
  MachineUnderRandomStimuli(Dice& dice, const Policy& policy) : dice_(dice), s_(policy) {}

  void step() {
    switch (dice_.roll(10)) {
      case 0:
        s_.start();
        break;
      case 1:
        s_.stop();
        break;
      case 2:
        s_.spawn_failed();
        break;
      case 3:
      case 4:
        s_.spawned(++last_pid_);
        break;
      case 5:
        s_.after(std::chrono::milliseconds{dice_.roll(1500)});
        break;
      case 6:
        s_.deadline();
        break;
      case 7:
        if (s_.has_deadline()) {
          s_.advance_to_deadline();
        }
        break;
      case 8:
        s_.exited(dice_.roll(2));
        break;
      case 9:
        if (dice_.one_in(20)) {
          s_.kill_failed();
        }
        break;
    }
    follow_child();
  }

  /// Stopping it ends in a stopped state as soon as the child, if any, ends.
  void settle() {
    s_.daemon_stopping().stop();
    if (s_.state() == ProcessState::starting) {
      s_.spawned(++last_pid_);
    }
    s_.exited(0);
    EXPECT_TRUE(counts_as_stopped(s_.state())) << state_name(s_.state());
    EXPECT_EQ(s_.record().pid, 0);
    EXPECT_FALSE(s_.has_deadline());
  }

 private:
  /// A child that was taken note of lives until it was reaped: the pid may not change meanwhile.
  void follow_child() {
    const pid_t pid = s_.record().pid;
    if (pid != 0 && pid != child_) {
      EXPECT_EQ(pid, last_pid_);
      EXPECT_TRUE(seen_.insert(pid).second);
    }
    child_ = pid;
  }

  Dice& dice_;
  Scenario s_;
  pid_t last_pid_ = 100;
  pid_t child_ = 0;
  std::set<pid_t> seen_;
};

TEST_P(Seeds, AMachineKeepsItsInvariants) {
  Dice dice(GetParam());
  constexpr int kLives = 20;
  for (int life = 0; life < kLives; ++life) {
    MachineUnderRandomStimuli machine(dice, dice.policy("x"));
    for (int step = 0; step < kSteps / kLives; ++step) {
      machine.step();
      ASSERT_FALSE(HasFailure()) << "life " << life << ", step " << step;
    }
    machine.settle();
    ASSERT_FALSE(HasFailure()) << "life " << life;
  }
}

// The supervisor ---------------------------------------------------------------------------------

class WorldUnderRandomStimuli {
 public:
  explicit WorldUnderRandomStimuli(Dice& dice) : dice_(dice) {
    world_.traced = Level::critical;
    world_.run();
  }

  void step() {
    switch (dice_.roll(12)) {
      case 0:
        add_group();
        break;
      case 1:
        remove_group();
        break;
      case 2:
        feed_somebody(stimulus::Start{});
        break;
      case 3:
        feed_somebody(stimulus::Stop{});
        break;
      case 4:
      case 5:
      case 6:
        end_somebody();
        break;
      case 7:
        if (dice_.one_in(20)) {
          feed_somebody(stimulus::KillFailed{"EPERM"});
        }
        break;
      case 8:
        toggle_unspawnable();
        break;
      default:
        world_.pass(std::chrono::milliseconds{dice_.roll(2500)});
        break;
    }
    static_cast<void>(world_.trace());
    check();
  }

  /// Children answer signals; nothing else is promised. The end must come.
  void end() {
    world_.begin_stop(dice_.one_in(2) ? Mood::shutdown : Mood::restarting);
    for (int round = 0; round < 1000 && !world_.all_stopped(); ++round) {
      check();
      check_turn();
      if (dice_.one_in(3)) {
        end_somebody();  // of itself, perhaps long before its turn
      } else if (dice_.one_in(2)) {
        world_.pass(std::chrono::milliseconds{dice_.roll(4000)});
      } else {
        end_somebody_stopping();
      }
    }
    EXPECT_TRUE(world_.all_stopped());
    EXPECT_FALSE(world_.core().next_deadline().has_value());
    for (const Process* process : everybody()) {
      EXPECT_TRUE(counts_as_stopped(process->state()));
    }
  }

 private:
  [[nodiscard]] std::vector<const Process*> everybody() {
    std::vector<const Process*> all;
    for (const auto& group : world_.core().groups()) {
      for (const auto& process : group->processes()) {
        all.push_back(process.get());
      }
    }
    return all;
  }

  void add_group() {
    const std::string name(1, static_cast<char>('a' + dice_.roll(8)));
    if (world_.core().find_group(name) != nullptr) {
      return;
    }
    std::vector<Policy> members;
    for (int i = dice_.roll(5); i > 0; --i) {
      members.push_back(dice_.policy(name + std::to_string(i)));
    }
    world_.add(test::group(name, members, dice_.roll(3)));
    for (const auto& member : world_.core().find_group(name)->processes()) {
      EXPECT_TRUE(ids_.insert(member->id).second) << "an id was used twice";
    }
  }

  void remove_group() {
    const auto& groups = world_.core().groups();
    if (groups.empty()) {
      return;
    }
    const Group& chosen =
        *groups[static_cast<std::size_t>(dice_.roll(static_cast<int>(groups.size())))];
    const bool stopped = chosen.is_stopped();
    EXPECT_EQ(world_.remove(std::string(chosen.name())).has_value(), stopped);
  }

  void feed_somebody(const Stimulus& stimulus) {
    if (const auto all = everybody(); !all.empty()) {
      world_.feed(dice_.pick(all)->id, stimulus);
    }
  }

  template <class Predicate>
  void end_one(Predicate wanted) {
    std::vector<const Process*> living;
    for (const Process* process : everybody()) {
      if (process->record().pid != 0 && wanted(*process)) {
        living.push_back(process);
      }
    }
    if (!living.empty()) {
      world_.feed(dice_.pick(living)->id, stimulus::Exited{WaitStatus::from_exit(dice_.roll(2))});
    }
  }
  void end_somebody() {
    end_one([](const Process&) { return true; });
  }
  void end_somebody_stopping() {
    end_one([](const Process& process) { return process.state() == ProcessState::stopping; });
  }

  void toggle_unspawnable() {
    if (const auto all = everybody(); !all.empty()) {
      const std::string& name = dice_.pick(all)->config->name;
      if (world_.unspawnable.erase(name) == 0) {
        world_.unspawnable.insert(name);
      }
    }
  }

  /// The indexes say what a search through everything would say.
  void check() {
    auto& core = world_.core();
    EXPECT_FALSE(core.take_effect().has_value());
    const auto& groups = core.groups();
    EXPECT_TRUE(std::is_sorted(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
      return std::tie(a->config().priority, a->name()) < std::tie(b->config().priority, b->name());
    }));
    std::optional<MonoTime> earliest;
    std::set<pid_t> pids;
    for (const Process* process : everybody()) {
      EXPECT_EQ(core.find(process->id), process);
      if (const pid_t pid = process->record().pid; pid != 0) {
        EXPECT_EQ(core.find_by_pid(pid), process);
        EXPECT_TRUE(pids.insert(pid).second);
      }
      if (const auto deadline = process->machine.deadline()) {
        EXPECT_GT(*deadline, world_.now().mono - 1ns);
        earliest = earliest ? std::min(*earliest, *deadline) : *deadline;
      }
      EXPECT_NE(process->state() == ProcessState::starting && process->record().pid == 0, true)
          << "the spawn was never answered";
    }
    if (core.mood() == Mood::running) {
      EXPECT_EQ(core.next_deadline(), earliest);
    } else if (earliest) {
      EXPECT_LE(core.next_deadline(), earliest);
    }
  }

  /// The last group that is not down was told to stop, all of it.
  void check_turn() {
    const auto& groups = world_.core().groups();
    const auto turn = std::find_if(groups.rbegin(), groups.rend(),
                                   [](const auto& group) { return !group->is_stopped(); });
    ASSERT_NE(turn, groups.rend()) << "all is down, but nobody said so";
    for (const auto& process : (*turn)->processes()) {
      EXPECT_TRUE(process->state() == ProcessState::stopping || counts_as_stopped(process->state()))
          << process->config->name << " is " << state_name(process->state());
    }
  }

  Dice& dice_;
  SupervisedWorld world_;
  std::set<ProcessId> ids_;
};

TEST_P(Seeds, ASupervisorKeepsItsInvariantsAndEnds) {
  Dice dice(GetParam());
  for (int life = 0; life < 20; ++life) {
    WorldUnderRandomStimuli world(dice);
    for (int step = dice.roll(kSteps / 50); step > 0; --step) {
      world.step();
      ASSERT_FALSE(HasFailure()) << "life " << life << ", " << step << " steps to go";
    }
    world.end();
    ASSERT_FALSE(HasFailure()) << "life " << life << ", at its end";
  }
}

INSTANTIATE_TEST_SUITE_P(Random, Seeds, ::testing::Values(1U, 2U, 3U, 20'241U, 0xC0FFEEU));

}  // namespace
}  // namespace sv::core
