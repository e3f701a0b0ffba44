#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/process_machine.h"
#include "support/scenario.h"

/// What only processes made from service folders need: single runs, finish in the place of run,
/// retries without end.
namespace sv::core {
namespace {

using namespace std::chrono_literals;
using test::Policy;
using test::Scenario;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Policy service() {
  return {.start_secs = 0s, .retry_pause = 1s, .autorestart = config::AutoRestart::always};
}

TEST(ServiceProcess, ASingleRunIsNotRestarted) {
  Scenario s(service());
  s.feed(stimulus::Start{.once = true}).spawned(42).after(1h).exited(0);
  EXPECT_EQ(s.state(), ProcessState::exited);
  EXPECT_FALSE(s.has_deadline());
}

TEST(ServiceProcess, OnceForOneThatIsUpMakesThisRunTheLast) {
  Scenario s(service());
  s.running(42).feed(stimulus::Start{.once = true}).exited(0);
  EXPECT_EQ(s.state(), ProcessState::exited);
}

TEST(ServiceProcess, StartForASingleRunMakesItRestartAgain) {
  Scenario s(service());
  s.feed(stimulus::Start{.once = true}).spawned(42).start().after(1h).exited(0);
  EXPECT_EQ(s.state(), ProcessState::starting);
}

TEST(ServiceProcess, FailedStartsAreRetriedEverySecondForEver) {
  Scenario s(service());
  s.start().spawn_failed();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(s.state(), ProcessState::backoff);
    ASSERT_EQ(s.deadline_in(), 1s);
    s.advance_to_deadline().spawn_failed();
  }
}

TEST(ServiceProcess, FinishTakesThePlaceOfRunUntilItEnds) {
  Scenario s(service());
  s.running(42).feed(stimulus::Handover{43});
  EXPECT_EQ(s.state(), ProcessState::running);
  EXPECT_EQ(s.record().pid, 43);
  s.exited(3);
  EXPECT_EQ(s.state(), ProcessState::starting);
  EXPECT_EQ(s.record().last_exit, WaitStatus::from_exit(3));
}

TEST(ServiceProcess, FinishHasNoMoreTimeThanTheStopHad) {
  Scenario s(service());
  s.running(42).stop().after(4s).feed(stimulus::Handover{43});
  EXPECT_EQ(s.state(), ProcessState::stopping);
  s.advance_to_deadline();
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGKILL, false, 43}));
  s.killed_by(SIGTERM);
  EXPECT_EQ(s.state(), ProcessState::stopped);
}

TEST(ServiceProcess, NothingIsHandedOverWhereNothingRuns) {
  Scenario s(service());
  s.feed(stimulus::Handover{43});
  EXPECT_EQ(s.record().pid, 0);
  EXPECT_THAT(s.last(), IsEmpty());
}

}  // namespace
}  // namespace sv::core
