#include "rpc/lifecycle.h"

#include <gtest/gtest.h>

#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

using core::ProcessState;
using std::chrono::seconds;

class Lifecycle : public RpcTest {
 protected:
  Lifecycle() {
    host.activate(group("x", {{.name = "x", .autostart = false}}));
    host.activate(group("g", {{.name = "late", .priority = 20, .autostart = false},
                              {.name = "early", .priority = 10, .autostart = false}}));
  }

  /// Brings a process up.
  void run(std::string_view name) {
    host.world.start(name);
    host.world.pass(seconds{1});
    ASSERT_EQ(host.world.state(name), ProcessState::running);
  }

  [[nodiscard]] ProcessState state(std::string_view name) const { return host.world.state(name); }
};

// Start -------------------------------------------------------------------------------------------

TEST_F(Lifecycle, StartAnswersWhenTheProcessIsRunning) {
  auto start = begin("startProcess", {"x"});
  EXPECT_TRUE(start.waits());
  host.world.pass(seconds{1});
  EXPECT_EQ(start.reply(), yes());
  EXPECT_EQ(state("x"), ProcessState::running);
}

TEST_F(Lifecycle, StartWithoutWaitAnswersAtOnce) {
  for (const XmlRpcValue& no : {XmlRpcValue(false), XmlRpcValue(0), XmlRpcValue("")}) {
    EXPECT_EQ(call("startProcess", {"x", no}), yes());
    EXPECT_EQ(state("x"), ProcessState::starting);
    host.world.exits("x", 0);
    host.world.stop("x");
  }
}

TEST_F(Lifecycle, AnyNonEmptyTextMeansWait) {
  EXPECT_TRUE(begin("startProcess", {"x", "0"}).waits());
}

TEST_F(Lifecycle, StartOfAProgramWithoutStartsecsAnswersAtOnceEvenIfItEndsRightAway) {
  host.activate(group("quick", {{.name = "quick", .start_secs = seconds{0}, .autostart = false}}));
  EXPECT_EQ(call("startProcess", {"quick"}), yes());
}

TEST_F(Lifecycle, StartFailsWithTheFirstTryWhileTheDaemonGoesOn) {
  auto start = begin("startProcess", {"x"});
  host.world.exits("x", 1);
  EXPECT_EQ(start.reply(), fault(50, "SPAWN_ERROR: x"));
  EXPECT_EQ(state("x"), ProcessState::backoff);
}

TEST_F(Lifecycle, StartFailsWhenThereIsNoChild) {
  host.world.unspawnable = {"x"};
  EXPECT_EQ(call("startProcess", {"x"}), fault(50, "SPAWN_ERROR: x"));
  host.world.stop("x");
  EXPECT_EQ(call("startProcess", {"x", false}), fault(50, "SPAWN_ERROR: x"));
}

TEST_F(Lifecycle, StartIsAbnormallyTerminatedWhenSomebodyStopsIt) {
  auto start = begin("startProcess", {"g:early"});
  host.world.stop("early");
  EXPECT_EQ(start.reply(), fault(40, "ABNORMAL_TERMINATION: g:early"));
}

TEST_F(Lifecycle, StartSurvivesTheRemovalOfItsGroup) {
  auto start = begin("startProcess", {"x"});
  host.world.stop("x");
  host.world.dies("x", 15);
  ASSERT_TRUE(host.remove_group("x"));
  EXPECT_EQ(start.reply(), fault(40, "ABNORMAL_TERMINATION: x"));
}

TEST_F(Lifecycle, StartOfARunningOrRetryingProcessIsRefused) {
  host.world.start("x");
  EXPECT_EQ(call("startProcess", {"x"}), fault(60, "ALREADY_STARTED: x"));
  host.world.exits("x", 1);
  ASSERT_EQ(state("x"), ProcessState::backoff);
  EXPECT_EQ(call("startProcess", {"x"}), fault(60, "ALREADY_STARTED: x"));
}

TEST_F(Lifecycle, TheCommandIsCheckedBeforeTheState) {
  run("x");
  host.bad_commands["x"] = make_fault(FaultCode::no_file, "can't find command '/x'");
  EXPECT_EQ(call("startProcess", {"x"}), fault(20, "NO_FILE: can't find command '/x'"));
}

TEST_F(Lifecycle, StartOfAnUnknownStateFails) {
  run("x");
  host.unsignallable = {"x"};
  EXPECT_EQ(call("stopProcess", {"x"}), fault(30, "FAILED: unknown problem killing x (101)"));
  ASSERT_EQ(state("x"), ProcessState::unknown);
  EXPECT_EQ(call("startProcess", {"x"}), fault(30, "FAILED: x is in an unknown process state"));
}

TEST_F(Lifecycle, StartDuringAStopDoesNothingAndSaysSoOnlyToThoseWhoWait) {
  run("x");
  host.world.stop("x");
  EXPECT_EQ(call("startProcess", {"x", false}), yes());
  EXPECT_EQ(call("startProcess", {"x", true}), fault(40, "ABNORMAL_TERMINATION: x"));
  EXPECT_EQ(state("x"), ProcessState::stopping);
}

// Names -------------------------------------------------------------------------------------------

TEST_F(Lifecycle, UnknownNamesAreReportedAsGiven) {
  for (const char* method : {"startProcess", "stopProcess"}) {
    for (const char* name : {"nosuch", "nosuch:*", "nosuch:", "g", "g:nosuch", "x:x:x", ""}) {
      EXPECT_EQ(call(method, {name}), fault(10, std::string("BAD_NAME: ") + name))
          << method << " " << name;
    }
  }
  EXPECT_EQ(call("signalProcess", {"nosuch", "HUP"}), fault(10, "BAD_NAME: nosuch"));
}

TEST_F(Lifecycle, GroupMethodsTakeBareNames) {
  EXPECT_EQ(call("startProcessGroup", {"g:*"}), fault(10, "BAD_NAME: g:*"));
  EXPECT_EQ(call("stopProcessGroup", {"g:early"}), fault(10, "BAD_NAME: g:early"));
  EXPECT_EQ(call("signalProcessGroup", {"nosuch", "BAD"}), fault(10, "BAD_NAME: nosuch"));
}

TEST_F(Lifecycle, NamesThatAreNoTextAreIncorrect) {
  for (const XmlRpcValue& name : {XmlRpcValue(1), XmlRpcValue(true), XmlRpcValue(),
                                  XmlRpcValue(XmlRpcArray{}), XmlRpcValue(XmlRpcStruct{})}) {
    EXPECT_EQ(call("startProcess", {name}), fault(2, "INCORRECT_PARAMETERS"));
  }
}

// Groups ------------------------------------------------------------------------------------------

TEST_F(Lifecycle, AGroupIsStartedTogetherInTheOrderOfPriorities) {
  auto start = begin("startProcess", {"g:*"});
  EXPECT_EQ(state("early"), ProcessState::starting);
  EXPECT_EQ(state("late"), ProcessState::starting);
  EXPECT_EQ(host.world.process("early").record().pid, 101);
  host.world.pass(seconds{1});
  EXPECT_EQ(start.reply(), list({status("early", "g"), status("late", "g")}));
}

TEST_F(Lifecycle, ResultsComeInTheOrderOfCompletion) {
  auto start = begin("startProcessGroup", {"g"});
  host.world.exits("late", 1);
  EXPECT_TRUE(start.waits());
  host.world.pass(seconds{1});
  EXPECT_EQ(start.reply(),
            list({status("late", "g", 50, "SPAWN_ERROR: g:late"), status("early", "g")}));
}

TEST_F(Lifecycle, WhatIsAnsweredAtOnceComesFirst) {
  host.bad_commands["late"] = make_fault(FaultCode::not_executable, "command is empty");
  auto start = begin("startProcessGroup", {"g"});
  host.world.pass(seconds{1});
  EXPECT_EQ(start.reply(), list({status("late", "g", 21, "NOT_EXECUTABLE: command is empty"),
                                 status("early", "g")}));
}

TEST_F(Lifecycle, RunningMembersAreLeftOutOfAStart) {
  run("early");
  EXPECT_EQ(call("startProcessGroup", {"g", false}), list({status("late", "g")}));
  EXPECT_EQ(call("startProcessGroup", {"g"}), list({}));
}

TEST_F(Lifecycle, StartAllGoesByGroupPriorityThenProcessPriority) {
  host.activate(group("first", {{.name = "first", .autostart = false}}, 1));
  EXPECT_EQ(call("startAllProcesses", {false}),
            list({status("first", "first"), status("early", "g"), status("late", "g"),
                  status("x", "x")}));
}

TEST_F(Lifecycle, StopAllStopsInAscendingOrderAndWaitsForAll) {
  for (const char* name : {"x", "late", "early"}) {
    host.world.start(name);
  }
  (void)host.world.trace();
  auto stop = begin("stopAllProcesses");
  auto kills = host.world.trace();
  std::erase_if(kills, [](const std::string& line) { return !line.starts_with("kill"); });
  EXPECT_EQ(kills, (std::vector<std::string>{"kill early SIGTERM", "kill late SIGTERM",
                                             "kill x SIGTERM"}));
  host.world.dies("x", 15);
  EXPECT_TRUE(stop.waits());
  host.world.dies("early", 15);
  host.world.dies("late", 15);
  EXPECT_EQ(stop.reply(), list({status("x", "x"), status("early", "g"), status("late", "g")}));
  EXPECT_EQ(call("stopAllProcesses"), list({}));
}

// Stop --------------------------------------------------------------------------------------------

TEST_F(Lifecycle, StopAnswersWhenTheProcessHasEnded) {
  run("x");
  auto stop = begin("stopProcess", {"x"});
  EXPECT_TRUE(stop.waits());
  host.world.dies("x", 15);
  EXPECT_EQ(stop.reply(), yes());
}

TEST_F(Lifecycle, StopWithoutWaitAnswersAtOnce) {
  run("x");
  EXPECT_EQ(call("stopProcess", {"x", false}), yes());
  EXPECT_EQ(state("x"), ProcessState::stopping);
  EXPECT_EQ(call("stopProcess", {"x"}), fault(70, "NOT_RUNNING: x"));
}

TEST_F(Lifecycle, StopOfARetryingProcessIsDoneAtOnce) {
  host.world.start("x");
  host.world.exits("x", 1);
  EXPECT_EQ(call("stopProcess", {"x"}), yes());
  EXPECT_EQ(state("x"), ProcessState::stopped);
}

TEST_F(Lifecycle, StopOfAStoppedProcessIsRefused) {
  EXPECT_EQ(call("stopProcess", {"x"}), fault(70, "NOT_RUNNING: x"));
  EXPECT_EQ(call("stopProcess", {"g:early"}), fault(70, "NOT_RUNNING: g:early"));
}

TEST_F(Lifecycle, AWaitingStopReportsAtOnceAndEveryTwoSeconds) {
  run("x");
  auto stop = begin("stopProcess", {"x"});
  EXPECT_EQ(log.take(), (std::vector<std::string>{"INFO waiting for x to stop"}));
  EXPECT_EQ(stop.deadline(), host.now().mono + seconds{2});
  host.world.pass(seconds{1});
  EXPECT_TRUE(stop.waits());
  EXPECT_TRUE(log.take().empty());
  host.world.pass(seconds{1});
  EXPECT_TRUE(stop.waits());
  EXPECT_EQ(log.take(), (std::vector<std::string>{"INFO waiting for x to stop"}));
}

TEST_F(Lifecycle, AGroupReportsTheEarliestOfItsMembers) {
  run("early");
  run("late");
  auto stop = begin("stopProcessGroup", {"g"});
  EXPECT_EQ(stop.deadline(), host.now().mono + seconds{2});
  EXPECT_EQ(log.take().size(), 2U);
}

TEST_F(Lifecycle, AStopIsAnsweredEvenIfTheProcessIsUpAgain) {
  run("x");
  auto stop = begin("stopProcess", {"x"});
  host.world.dies("x", 15);
  host.world.start("x");
  EXPECT_EQ(stop.reply(), yes());
}

TEST_F(Lifecycle, AStopSurvivesTheRemovalOfItsGroup) {
  run("x");
  auto stop = begin("stopProcess", {"x"});
  host.world.dies("x", 15);
  ASSERT_TRUE(host.remove_group("x"));
  EXPECT_EQ(stop.reply(), yes());
}

TEST_F(Lifecycle, StopCallsOffARestartThatIsDueLater) {
  for (const bool whole_group : {false, true}) {
    const std::string name = whole_group ? "looping2" : "looping1";
    host.activate(group(name, {{.name = name,
                                .start_secs = seconds{0},
                                .autorestart = config::AutoRestart::always,
                                .autostart = false}}));
    host.world.start(name);
    host.world.exits(name, 0);
    ASSERT_EQ(state(name), ProcessState::exited);  // up for less than a second: throttled
    if (whole_group) {
      EXPECT_EQ(call("stopProcessGroup", {name}), list({}));
    } else {
      EXPECT_EQ(call("stopProcess", {name}), fault(70, "NOT_RUNNING: " + name));
    }
    host.world.pass(seconds{5});
    EXPECT_EQ(state(name), ProcessState::exited);
  }
}

// Signal ------------------------------------------------------------------------------------------

TEST_F(Lifecycle, SignalsAreNamesOrNumbers) {
  run("x");
  for (const XmlRpcValue& signal :
       {XmlRpcValue("SIGHUP"), XmlRpcValue("hup"), XmlRpcValue("1"), XmlRpcValue(1),
        XmlRpcValue(" hup "), XmlRpcValue(true), XmlRpcValue(1.9), XmlRpcValue("SIG_IGN")}) {
    EXPECT_EQ(call("signalProcess", {"x", signal}), yes());
  }
  EXPECT_EQ(host.signals, std::vector<std::string>(8, "x 1"));
}

TEST_F(Lifecycle, WrongSignalsAreReportedAsGiven) {
  run("x");
  EXPECT_EQ(call("signalProcess", {"x", "USR9"}), fault(11, "BAD_SIGNAL: USR9"));
  EXPECT_EQ(call("signalProcess", {"x", 99}), fault(11, "BAD_SIGNAL: 99"));
  EXPECT_EQ(call("signalProcess", {"x", -1}), fault(11, "BAD_SIGNAL: -1"));
  EXPECT_EQ(call("signalProcess", {"x", 35}), fault(11, "BAD_SIGNAL: 35"));
  EXPECT_EQ(call("signalProcess", {"x", XmlRpcArray{}}), fault(2, "INCORRECT_PARAMETERS"));
}

TEST_F(Lifecycle, TheSignalIsJudgedBeforeTheState) {
  EXPECT_EQ(call("signalProcess", {"x", "BAD"}), fault(11, "BAD_SIGNAL: BAD"));
  EXPECT_EQ(call("signalProcess", {"x", "HUP"}), fault(70, "NOT_RUNNING: x"));
}

TEST_F(Lifecycle, AProcessThatIsBeingStoppedCanBeSignalled) {
  run("x");
  host.world.stop("x");
  EXPECT_EQ(call("signalProcess", {"x", "KILL"}), yes());
}

TEST_F(Lifecycle, ASignalThatComesTooLateIsNoFailure) {
  run("x");
  host.just_ended = {"x"};
  EXPECT_EQ(call("signalProcess", {"x", "HUP"}), yes());
  host.just_ended.clear();
  host.unsignallable = {"x"};
  EXPECT_EQ(call("signalProcess", {"x", "HUP"}), fault(30, "FAILED: cannot signal 'x'"));
}

TEST_F(Lifecycle, GroupSignalsGoToThoseThatCanBeSignalled) {
  EXPECT_EQ(call("signalProcessGroup", {"g", "BAD"}), list({}));
  run("late");
  EXPECT_EQ(call("signalProcess", {"g:*", "HUP"}), list({status("late", "g")}));
  EXPECT_EQ(call("signalAllProcesses", {"BAD"}),
            list({status("late", "g", 11, "BAD_SIGNAL: BAD")}));
}

}  // namespace
}  // namespace sv::rpc
