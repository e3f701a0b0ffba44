#include "core/process_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scenario.h"

namespace sv::core {
namespace {

using namespace std::chrono_literals;
using config::AutoRestart;
using test::Scenario;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum ProcessState;

constexpr std::string_view kTooQuickly = "Exited too quickly (process log may have details)";

// Start ------------------------------------------------------------------------------------------

TEST(ProcessMachine, BeginsStoppedAndWaitsForNothing) {
  const Scenario s;
  EXPECT_EQ(s.state(), stopped);
  EXPECT_FALSE(s.has_deadline());
  EXPECT_EQ(s.record(), ProcessRecord{});
}

TEST(ProcessMachine, StartAnnouncesStartingAndAsksForAChild) {
  Scenario s;
  s.start();
  EXPECT_THAT(s.path(), ElementsAre(starting));
  EXPECT_TRUE(s.wants_spawn());
  EXPECT_EQ(s.record().started, s.clock().now().wall);
  EXPECT_THAT(s.lines(), IsEmpty());
}

TEST(ProcessMachine, BecomesRunningAfterStartSecs) {
  Scenario s{{.start_secs = 3s}};
  s.start().spawned(42);
  EXPECT_THAT(s.lines(), ElementsAre("INFO spawned: 'x' with pid 42"));
  EXPECT_EQ(s.deadline_in(), 3s);
  EXPECT_EQ(s.after(2999ms).deadline().state(), starting);
  EXPECT_EQ(s.after(1ms).deadline().state(), running);
  EXPECT_THAT(s.lines(),
              ElementsAre("INFO success: x entered RUNNING state, process has stayed up for > than "
                          "3 seconds (startsecs)"));
  EXPECT_EQ(s.changes().back().pid, 42);
}

TEST(ProcessMachine, KnowsSinceWhenItIsInItsState) {
  Scenario s{{.start_secs = 3s}};
  s.start().spawned(42);
  s.after(1s).deadline();
  EXPECT_EQ(s.record().since, s.clock().now().wall - 1s) << "nothing changed";
  s.after(2s).deadline();
  ASSERT_EQ(s.state(), running);
  EXPECT_EQ(s.record().since, s.clock().now().wall);
}

TEST(ProcessMachine, IsRunningAtOnceWithoutStartSecs) {
  Scenario s{{.start_secs = 0s}};
  s.start().spawned(42);
  EXPECT_EQ(s.state(), running);
  EXPECT_THAT(s.lines(),
              ElementsAre("INFO spawned: 'x' with pid 42",
                          "INFO success: x entered RUNNING state, process has stayed up for > than "
                          "0 seconds (startsecs)"));
}

TEST(ProcessMachine, CountsStartSecsFromTheChildNotFromTheRequest) {
  Scenario s;
  s.start().after(5s).spawned(42);
  EXPECT_EQ(s.state(), starting);
  EXPECT_EQ(s.deadline_in(), 1s);
}

TEST(ProcessMachine, JudgesAnEarlyDeathByTheAgeOfTheChild) {
  Scenario s;
  s.start().after(5s).spawned(42).after(10ms).exited(1);
  EXPECT_EQ(s.state(), backoff) << "the request was old, the child was not";
}

TEST(ProcessMachine, TakesNegativeSecondsAndRetriesForNone) {
  Scenario s{{.start_secs = -5s, .start_retries = -1, .stop_wait = -3s}};
  s.start().spawned(42);
  EXPECT_EQ(s.state(), running);
  s.stop();
  EXPECT_EQ(s.deadline_in(), 0s);
  s.exited(0).start().spawn_failed();
  EXPECT_EQ(s.state(), fatal);
}

TEST(ProcessMachine, TakesMoreSecondsThanAClockCanCountForNever) {
  Scenario s{{.start_secs = std::chrono::seconds::max(), .stop_wait = std::chrono::seconds::max()}};
  s.start().spawned(42);
  EXPECT_GT(s.deadline_in(), std::chrono::hours{24 * 365 * 50});
  s.stop();
  EXPECT_GT(s.deadline_in(), std::chrono::hours{24 * 365 * 50});
}

TEST(ProcessMachine, RefusesASecondStartWithoutAWord) {
  Scenario s;
  s.start().start();
  EXPECT_THAT(s.last(), IsEmpty());
  s.spawned(42).start();
  EXPECT_THAT(s.last(), IsEmpty());
  s.advance_to_deadline().start();
  EXPECT_THAT(s.last(), IsEmpty());
}

TEST(ProcessMachine, StartWhileStoppingOnlyWarns) {
  Scenario s;
  s.running(42).stop().start();
  EXPECT_EQ(s.state(), stopping);
  EXPECT_THAT(s.lines(), ElementsAre("WARN process 'x' already running"));
  EXPECT_THAT(s.path(), IsEmpty());
}

// Early deaths -----------------------------------------------------------------------------------

TEST(ProcessMachine, ExitBeforeStartSecsBacksOff) {
  Scenario s;
  s.start().spawned(42).after(400ms).exited(0);
  EXPECT_THAT(s.path(), ElementsAre(backoff));
  EXPECT_THAT(s.lines(), ElementsAre("WARN exited: x (exit status 0; not expected)"));
  EXPECT_EQ(s.record().spawn_error, kTooQuickly);
  EXPECT_EQ(s.record().exit_status, 0);
  EXPECT_EQ(s.record().pid, 0);
  EXPECT_EQ(s.record().stopped, s.clock().now().wall);
  EXPECT_EQ(s.record().last_exit, WaitStatus::from_exit(0));
  EXPECT_EQ(s.deadline_in(), 1s);
}

TEST(ProcessMachine, ATooQuickExitShowsNoExitStatusButRemembersHowItEnded) {
  Scenario s;
  s.start().spawned(42).killed_by(SIGSEGV);
  EXPECT_EQ(s.record().exit_status, 0);
  EXPECT_EQ(s.record().last_exit, WaitStatus::from_signal(SIGSEGV));
  EXPECT_EQ(s.changes().back().status, WaitStatus::from_signal(SIGSEGV));
  EXPECT_THAT(s.lines(), ElementsAre("WARN exited: x (terminated by SIGSEGV; not expected)"));
}

TEST(ProcessMachine, WaitsOneSecondLongerAfterEachFailureThenGivesUp) {
  Scenario s{{.start_retries = 2}};
  s.start().spawned(42).exited(1);
  EXPECT_EQ(s.deadline_in(), 1s);
  s.advance_to_deadline().spawned(43).exited(1);
  EXPECT_EQ(s.deadline_in(), 2s);
  s.advance_to_deadline().spawned(44).exited(1);
  EXPECT_THAT(s.path(), ElementsAre(backoff, fatal));
  EXPECT_THAT(
      s.lines(),
      ElementsAre("WARN exited: x (exit status 1; not expected)",
                  "INFO gave up: x entered FATAL state, too many start retries too quickly"));
  EXPECT_FALSE(s.has_deadline());
  EXPECT_EQ(s.record().spawn_error, kTooQuickly);
  EXPECT_EQ(s.record().backoff, 0);
}

TEST(ProcessMachine, AnnouncesTheNumberOfTries) {
  Scenario s{{.start_retries = 1}};
  s.start().spawned(42).exited(1).advance_to_deadline().spawned(43).exited(1);
  std::vector<std::pair<ProcessState, int>> tries;
  for (const StateChange& change : s.changes()) {
    tries.emplace_back(change.to, change.tries);
  }
  EXPECT_THAT(tries,
              ElementsAre(std::pair(starting, 0), std::pair(backoff, 1), std::pair(starting, 1),
                          std::pair(backoff, 2), std::pair(fatal, 0)));
}

TEST(ProcessMachine, SuccessForgetsEarlierFailures) {
  Scenario s;
  s.start().spawned(42).exited(1).advance_to_deadline().spawned(43).advance_to_deadline();
  EXPECT_EQ(s.state(), running);
  EXPECT_EQ(s.record().backoff, 0);
}

TEST(ProcessMachine, WithoutRetriesOneAttemptDecides) {
  Scenario s{{.start_retries = 0}};
  s.start().spawned(42).exited(0);
  EXPECT_EQ(s.state(), fatal);
}

TEST(ProcessMachine, SpawnErrorsCountAsFailures) {
  Scenario s{{.start_retries = 1}};
  s.start().spawn_failed("can't find command '/no/such'");
  EXPECT_THAT(s.path(), ElementsAre(backoff));
  EXPECT_THAT(s.lines(), ElementsAre("INFO spawnerr: can't find command '/no/such'"));
  EXPECT_EQ(s.record().spawn_error, "can't find command '/no/such'");
  EXPECT_FALSE(s.record().stopped.has_value()) << "nothing was reaped";
  EXPECT_FALSE(s.changes().back().status.has_value());
  s.advance_to_deadline().spawn_failed("can't find command '/no/such'");
  EXPECT_THAT(s.path(), ElementsAre(backoff, fatal));
  EXPECT_EQ(s.record().spawns, 0U);
}

TEST(ProcessMachine, ANewAttemptClearsTheOldError) {
  Scenario s;
  s.start().spawn_failed().advance_to_deadline();
  EXPECT_EQ(s.state(), starting);
  EXPECT_EQ(s.record().spawn_error, "");
}

TEST(ProcessMachine, FatalCanBeStartedAgainFromScratch) {
  Scenario s{{.start_retries = 0}};
  s.start().spawn_failed().start();
  EXPECT_EQ(s.state(), starting);
  EXPECT_EQ(s.changes().back().tries, 0);
}

TEST(ProcessMachine, DeathAfterStartSecsNobodyNoticedPassesThroughRunning) {
  Scenario s{{.start_secs = 1s, .autorestart = AutoRestart::never}};
  s.start().spawned(42).after(1s).exited(0);
  EXPECT_THAT(s.path(), ElementsAre(running, exited));
  EXPECT_THAT(s.lines(), ElementsAre("INFO exited: x (exit status 0; expected)"));
  EXPECT_FALSE(s.changes()[1].status.has_value()) << "RUNNING did not end anything";
}

// Death while running ----------------------------------------------------------------------------

TEST(ProcessMachine, AnExpectedExitIsNotRestarted) {
  Scenario s{{.exit_codes = {0, 2}}};
  s.running(42).exited(2);
  EXPECT_THAT(s.path(), ElementsAre(exited));
  EXPECT_THAT(s.lines(), ElementsAre("INFO exited: x (exit status 2; expected)"));
  EXPECT_TRUE(s.changes().back().expected);
  EXPECT_EQ(s.changes().back().pid, 42);
  EXPECT_EQ(s.record().exit_status, 2);
  EXPECT_EQ(s.record().spawn_error, "");
  EXPECT_FALSE(s.has_deadline());
}

TEST(ProcessMachine, AnUnexpectedExitIsRestartedAtOnce) {
  Scenario s;
  s.running(42).exited(3);
  EXPECT_THAT(s.path(), ElementsAre(exited, starting));
  EXPECT_TRUE(s.wants_spawn());
  EXPECT_THAT(s.lines(), ElementsAre("WARN exited: x (exit status 3; not expected)"));
  EXPECT_FALSE(s.changes()[2].expected);
  EXPECT_EQ(s.changes()[2].status, WaitStatus::from_exit(3));
}

TEST(ProcessMachine, AnUnexpectedExitLeavesItsCodeAsError) {
  Scenario s{{.autorestart = AutoRestart::never}};
  s.running(42).exited(3);
  EXPECT_EQ(s.record().spawn_error, "Bad exit code 3");
  s.running(43).killed_by(SIGKILL);
  EXPECT_EQ(s.record().spawn_error, "Bad exit code -1");
  EXPECT_EQ(s.record().exit_status, -1);
  EXPECT_THAT(s.lines(), ElementsAre("WARN exited: x (terminated by SIGKILL; not expected)"));
}

TEST(ProcessMachine, AutorestartDecidesByTheWayItEnded) {
  struct Row {
    AutoRestart autorestart;
    bool after_expected;
    bool after_unexpected;
  };
  const Row rows[] = {{AutoRestart::never, false, false},
                      {AutoRestart::unexpected, false, true},
                      {AutoRestart::always, true, true}};
  for (const Row& row : rows) {
    SCOPED_TRACE(static_cast<int>(row.autorestart));
    EXPECT_EQ(Scenario{{.autorestart = row.autorestart}}.running(42).exited(0).wants_spawn(),
              row.after_expected);
    EXPECT_EQ(Scenario{{.autorestart = row.autorestart}}.running(42).exited(1).wants_spawn(),
              row.after_unexpected);
    EXPECT_EQ(Scenario{{.autorestart = row.autorestart}}.running(42).killed_by(9).wants_spawn(),
              row.after_unexpected);
  }
}

TEST(ProcessMachine, ARestartClearsTheExitStatusButNotTheTimeOfTheExit) {
  Scenario s;
  s.running(42).exited(3);
  EXPECT_EQ(s.record().exit_status, 0);
  EXPECT_EQ(s.record().stopped, s.clock().now().wall);
  EXPECT_EQ(s.record().last_exit, WaitStatus::from_exit(3));
}

TEST(ProcessMachine, RestartsAreThrottledToOneASecond) {
  Scenario s{{.start_secs = 0s, .autorestart = AutoRestart::always}};
  s.start().spawned(42).after(10ms).exited(0);
  EXPECT_THAT(s.path(), ElementsAre(exited));
  EXPECT_EQ(s.deadline_in(), 990ms);
  s.advance_to_deadline();
  EXPECT_EQ(s.state(), starting);
  EXPECT_TRUE(s.wants_spawn());
  s.spawned(43).after(1s).exited(0);
  EXPECT_THAT(s.path(), ElementsAre(exited, starting)) << "it had been up long enough";
}

TEST(ProcessMachine, StopDropsAThrottledRestart) {
  Scenario s{{.start_secs = 0s, .autorestart = AutoRestart::always}};
  s.start().spawned(42).exited(0).stop();
  EXPECT_EQ(s.state(), exited);
  EXPECT_FALSE(s.has_deadline());
  EXPECT_THAT(s.last(), IsEmpty());
}

TEST(ProcessMachine, StartDoesNotWaitForAThrottledRestart) {
  Scenario s{{.start_secs = 0s, .autorestart = AutoRestart::always}};
  s.start().spawned(42).exited(0).start();
  EXPECT_TRUE(s.wants_spawn());
  EXPECT_FALSE(s.has_deadline());
}

// Time -------------------------------------------------------------------------------------------

TEST(ProcessMachine, AWallClockJumpChangesNothingButTimestamps) {
  Scenario s;
  s.start().spawned(42);
  s.clock().set_wall_clock(s.clock().now().wall - std::chrono::hours{24});
  EXPECT_EQ(s.deadline_in(), 1s);
  s.after(999ms).exited(1);
  EXPECT_EQ(s.state(), backoff) << "still too quickly";
  s.clock().set_wall_clock(s.clock().now().wall + std::chrono::hours{48});
  EXPECT_EQ(s.deadline_in(), 1s);
  s.advance_to_deadline();
  EXPECT_EQ(s.record().started, s.clock().now().wall);
}

TEST(ProcessMachine, AnExitExactlyAtStartSecsIsNotTooQuick) {
  EXPECT_EQ(Scenario{}.start().spawned(42).after(999'999'999ns).exited(0).state(), backoff);
  EXPECT_EQ(Scenario{}.start().spawned(42).after(1s).exited(0).state(), exited);
}

TEST(ProcessMachine, IgnoresAnswersNobodyAskedFor) {
  Scenario s;
  EXPECT_THAT(s.spawned(42).last(), IsEmpty());
  EXPECT_THAT(s.spawn_failed().last(), IsEmpty());
  EXPECT_THAT(s.exited(0).last(), IsEmpty());
  EXPECT_EQ(s.record(), ProcessRecord{});
}

TEST(ProcessMachine, CountsSpawns) {
  Scenario s;
  s.running(42).exited(1).spawned(43);
  EXPECT_EQ(s.record().spawns, 2U);
}

TEST(ProcessMachine, CostsLittleMemory) {
  EXPECT_LE(sizeof(ProcessMachine), 400U);
}

}  // namespace
}  // namespace sv::core
