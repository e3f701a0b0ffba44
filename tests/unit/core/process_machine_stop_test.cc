#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/process_machine.h"
#include "support/scenario.h"

/// How a process is taken down: by a user, by an ending daemon, and what if it cannot be.
namespace sv::core {
namespace {

using namespace std::chrono_literals;
using config::AutoRestart;
using test::Scenario;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum ProcessState;

// Stop -------------------------------------------------------------------------------------------

TEST(ProcessMachineStop, StopSendsTheStopSignalAndWaits) {
  Scenario s{{.stop_signal = SIGINT, .stop_wait = 7s}};
  s.running(42).stop();
  EXPECT_THAT(s.path(), ElementsAre(stopping));
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGINT, false, 42}));
  EXPECT_THAT(s.lines(), ElementsAre("DEBG killing x (pid 42) with signal SIGINT"));
  EXPECT_EQ(s.deadline_in(), 7s);
  s.after(1s).stop();
  EXPECT_THAT(s.last(), IsEmpty()) << "a second stop changes nothing";
  EXPECT_EQ(s.deadline_in(), 6s);
}

TEST(ProcessMachineStop, StopAlsoReachesAProcessThatIsStillStarting) {
  Scenario s;
  s.start().spawned(42).stop();
  EXPECT_EQ(s.state(), stopping);
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGTERM, false, 42}));
}

TEST(ProcessMachineStop, AStoppedProcessIsStoppedWhateverItsExitCode) {
  Scenario s{{.autorestart = AutoRestart::always}};
  s.running(42).stop().exited(7);
  EXPECT_THAT(s.path(), ElementsAre(stopped));
  EXPECT_THAT(s.lines(), ElementsAre("WARN stopped: x (exit status 7)"));
  EXPECT_EQ(s.changes().back().pid, 42);
  EXPECT_EQ(s.changes().back().status, WaitStatus::from_exit(7));
  EXPECT_EQ(s.record().exit_status, 7);
  EXPECT_FALSE(s.has_deadline());
}

TEST(ProcessMachineStop, TheLevelOfStoppedTellsWhetherTheCodeIsListed) {
  EXPECT_THAT(Scenario{}.running(42).stop().exited(0).lines(),
              ElementsAre("INFO stopped: x (exit status 0)"));
  EXPECT_THAT(Scenario{}.running(42).stop().killed_by(SIGTERM).lines(),
              ElementsAre("WARN stopped: x (terminated by SIGTERM)"));
}

TEST(ProcessMachineStop, KillsWhatOutlivesStopWaitAgainAndAgain) {
  Scenario s{{.stop_wait = 2s}};
  s.running(42).stop();
  for (int round = 0; round < 3; ++round) {
    s.advance_to_deadline();
    EXPECT_EQ(s.state(), stopping);
    EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGKILL, false, 42}));
    EXPECT_THAT(s.lines(), ElementsAre("WARN killing 'x' (42) with SIGKILL",
                                       "DEBG killing x (pid 42) with signal SIGKILL"));
    EXPECT_THAT(s.path(), IsEmpty());
    EXPECT_EQ(s.deadline_in(), 2s);
  }
  EXPECT_EQ(s.killed_by(SIGKILL).state(), stopped);
}

TEST(ProcessMachineStop, WithoutStopWaitKillsAtOnceButDoesNotSpin) {
  Scenario s{{.stop_wait = 0s}};
  s.running(42).stop();
  EXPECT_EQ(s.deadline_in(), 0s);
  s.deadline();
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGKILL, false, 42}));
  EXPECT_EQ(s.deadline_in(), ProcessMachine::kKillInterval);
}

TEST(ProcessMachineStop, SignalsTheGroupWhereConfigured) {
  Scenario s{{.stop_as_group = true, .kill_as_group = true}};
  s.running(42).stop();
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGTERM, true, 42}));
  EXPECT_THAT(s.lines(), ElementsAre("DEBG killing x (pid 42) process group with signal SIGTERM"));
  s.advance_to_deadline();
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGKILL, true, 42}));

  Scenario only_kill{{.kill_as_group = true}};
  EXPECT_FALSE(only_kill.running(42).stop().kills().at(0).to_group);
  EXPECT_TRUE(only_kill.advance_to_deadline().kills().at(0).to_group);
}

TEST(ProcessMachineStop, StopInBackoffStopsAtOnceAndKeepsTheCount) {
  Scenario s;
  s.start().spawned(42).exited(1).stop();
  EXPECT_THAT(s.path(), ElementsAre(stopped));
  EXPECT_THAT(s.lines(), ElementsAre("DEBG Attempted to kill x, which is in BACKOFF state."));
  EXPECT_EQ(s.changes().back().pid, 0);
  EXPECT_FALSE(s.has_deadline());
  EXPECT_EQ(s.record().spawn_error, "Exited too quickly (process log may have details)")
      << "a stop does not clear it";
  s.start().spawned(43).exited(1);
  EXPECT_EQ(s.deadline_in(), 2s) << "the first failure after the stop continues the series";
}

TEST(ProcessMachineStop, StopOfWhatDoesNotRunChangesNothing) {
  EXPECT_THAT(Scenario{}.stop().last(), IsEmpty());
  EXPECT_THAT(Scenario{}.running(42).exited(0).stop().last(), IsEmpty());
  EXPECT_THAT(Scenario{{.start_retries = 0}}.start().spawn_failed().stop().last(), IsEmpty());
}

TEST(ProcessMachineStop, AStopBeforeTheChildExistsIsNotLost) {
  Scenario s;
  s.start().stop();
  EXPECT_EQ(s.state(), starting);
  EXPECT_THAT(s.last(), IsEmpty()) << "nothing to signal yet";
  s.spawned(42);
  EXPECT_THAT(s.path(), ElementsAre(stopping));
  EXPECT_THAT(s.kills(), ElementsAre(effect::Kill{SIGTERM, false, 42}));
  EXPECT_EQ(s.killed_by(SIGTERM).state(), stopped);
  s.start().spawned(43);
  EXPECT_EQ(s.state(), starting) << "the wish is used up";
}

TEST(ProcessMachineStop, AStopBeforeTheSpawnFailsIsNotLostEither) {
  Scenario s;
  s.start().stop().spawn_failed();
  EXPECT_THAT(s.path(), ElementsAre(backoff, stopped));
  EXPECT_FALSE(s.has_deadline());
  s.start().spawn_failed();
  EXPECT_EQ(s.state(), backoff) << "the wish is used up";
}

// Signals that cannot be sent --------------------------------------------------------------------

TEST(ProcessMachineStop, AStopSignalThatCannotBeSentLeavesTheStateUnknown) {
  Scenario s;
  s.running(42).stop().kill_failed("EPERM");
  EXPECT_THAT(s.path(), ElementsAre(unknown));
  EXPECT_THAT(s.lines(), ElementsAre("CRIT unknown problem killing x (42):EPERM"));
  EXPECT_FALSE(s.has_deadline());
  EXPECT_EQ(s.record().pid, 42) << "the child is still there";
}

TEST(ProcessMachineStop, ASignalRequestThatFailsNamesItself) {
  EXPECT_THAT(Scenario{}.running(42).kill_failed("EPERM").lines(),
              ElementsAre("CRIT unknown problem sending sig x (42):EPERM"));
  EXPECT_EQ(Scenario{}.start().spawned(42).kill_failed().state(), unknown);
}

TEST(ProcessMachineStop, UnknownIsNeitherStartedNorStopped) {
  Scenario s;
  s.running(42).stop().kill_failed();
  EXPECT_THAT(s.start().last(), IsEmpty());
  EXPECT_THAT(s.stop().last(), IsEmpty());
  EXPECT_THAT(s.kill_failed().last(), IsEmpty());
}

TEST(ProcessMachineStop, UnknownEndsWhenTheChildDoes) {
  Scenario s{{.autorestart = AutoRestart::always}};
  s.running(42).stop().kill_failed().exited(0);
  EXPECT_THAT(s.path(), ElementsAre(stopped));
  EXPECT_EQ(s.start().state(), starting);
}

TEST(ProcessMachineStop, ALateKillFailureDoesNotHitTheSuccessor) {
  Scenario s;
  s.running(42).stop().exited(0).start().kill_failed();
  EXPECT_EQ(s.state(), starting) << "there is no child yet that could not be signalled";
  EXPECT_THAT(s.last(), IsEmpty());
}

TEST(ProcessMachineStop, ALateKillFailureOfAnEndedProcessIsStale) {
  Scenario s;
  s.running(42).stop().exited(0).kill_failed();
  EXPECT_EQ(s.state(), stopped);
  EXPECT_THAT(s.last(), IsEmpty());
}

// The daemon stops -------------------------------------------------------------------------------

TEST(ProcessMachineStop, NothingIsStartedWhileTheDaemonStops) {
  EXPECT_THAT(Scenario{}.daemon_stopping().start().last(), IsEmpty());
  EXPECT_EQ(Scenario{}.running(42).daemon_stopping().exited(1).state(), exited);
}

TEST(ProcessMachineStop, AThrottledRestartIsOffWhenTheDaemonStops) {
  Scenario s{{.start_secs = 0s, .autorestart = AutoRestart::always}};
  s.start().spawned(42).exited(0).daemon_stopping();
  EXPECT_FALSE(s.has_deadline());
  EXPECT_EQ(s.state(), exited);
}

TEST(ProcessMachineStop, BackoffWaitsForItsTurnAndBecomesFatalSilently) {
  Scenario s;
  s.start().spawned(42).exited(1).daemon_stopping();
  EXPECT_EQ(s.state(), backoff);
  EXPECT_FALSE(s.has_deadline());
  s.stop();
  EXPECT_THAT(s.path(), ElementsAre(fatal));
  EXPECT_THAT(s.lines(), IsEmpty());
}

TEST(ProcessMachineStop, SuccessAndGivingUpStillHappenWhileTheDaemonStops) {
  EXPECT_EQ(Scenario{}.start().spawned(42).daemon_stopping().advance_to_deadline().state(),
            running);
  Scenario s{{.start_retries = 0}};
  s.start().spawned(42).daemon_stopping().exited(1);
  EXPECT_THAT(s.path(), ElementsAre(backoff, fatal));
  EXPECT_THAT(
      s.lines(),
      ElementsAre("WARN exited: x (exit status 1; not expected)",
                  "INFO gave up: x entered FATAL state, too many start retries too quickly"));
}

TEST(ProcessMachineStop, AFailureWhileTheDaemonStopsIsNotRetried) {
  Scenario s;
  s.start().spawned(42).daemon_stopping().exited(1);
  EXPECT_EQ(s.state(), backoff);
  EXPECT_FALSE(s.has_deadline());
}

TEST(ProcessMachineStop, AStopOfTheEndingDaemonBeforeTheSpawnFailsEndsInFatal) {
  Scenario s;
  s.start().daemon_stopping().stop().spawn_failed();
  EXPECT_THAT(s.path(), ElementsAre(backoff, fatal));
}

}  // namespace
}  // namespace sv::core
