#include "ctl/settling.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>

#include "support/ctl_client.h"
#include "support/fake_daemon.h"

/// --wait against a daemon whose states are scripted: each question gets the next answer.
namespace sv::ctl {
namespace {

using test::CtlClient;
using test::CtlResult;
using test::FakeDaemon;
using wire::XmlRpcArray;
using wire::XmlRpcStruct;

XmlRpcStruct state(const std::string& group, const std::string& name, int code,
                   const std::string& spawnerr = {}) {
  const std::map<int, std::string> names{{0, "STOPPED"},  {10, "STARTING"}, {20, "RUNNING"},
                                         {30, "BACKOFF"}, {40, "STOPPING"}, {100, "EXITED"},
                                         {200, "FATAL"}};
  return {{"name", name},
          {"group", group},
          {"state", code},
          {"start", code == 0 ? 0 : 1},
          {"statename", names.at(code)},
          {"spawnerr", spawnerr},
          {"description", spawnerr}};
}

class SettlingTest : public testing::Test {
 protected:
  SettlingTest() {
    client_.settings.dialect = Dialect::modctl;
    daemon_.answer("supervisor.startProcess", true);
    daemon_.answer("supervisor.stopProcess", true);
  }

  // The last answer is repeated.
  void states(std::deque<XmlRpcArray> answers) {
    daemon_.on("supervisor.getAllProcessInfo",
               [answers](const XmlRpcArray&) mutable -> wire::XmlRpcReply {
                 XmlRpcArray answer = answers.front();
                 if (answers.size() > 1) {
                   answers.pop_front();
                 }
                 return wire::XmlRpcValue(answer);
               });
  }

  void expect(const std::string& line, const std::string& out, int status) {
    EXPECT_EQ(client_.run(line), (CtlResult{out, "", status})) << line;
  }

  FakeDaemon daemon_;
  CtlClient client_{daemon_.url()};
};

TEST_F(SettlingTest, AStartWaitsForRetries) {
  states({{state("x", "x", 0)},
          {state("x", "x", 0)},
          {state("x", "x", 10)},
          {state("x", "x", 30)},
          {state("x", "x", 10)},
          {state("x", "x", 20)}});
  expect("start --wait x", "x: started\n", 0);
  const auto calls = daemon_.calls();
  EXPECT_EQ(std::ranges::count(calls, "supervisor.startProcess(x, )"), 1) << "without waiting";
}

struct End {
  int state;
  std::string spawnerr;
  std::string out;
  int status;
};

TEST_F(SettlingTest, AStartEndsWithWhatBecameOfTheProcess) {
  for (const End& row : {End{20, "", "x: started\n", 0},
                         {100, "", "x: started, and has ended since\n", 0},
                         {100, "Bad exit code 3", "x: ERROR (Bad exit code 3)\n", 7},
                         {200, "Exited too quickly", "x: ERROR (Exited too quickly)\n", 7},
                         {0, "", "x: ERROR (stopped meanwhile)\n", 7}}) {
    states({{state("x", "x", 0)},
            {state("x", "x", 0)},
            {state("x", "x", 10)},
            {state("x", "x", row.state, row.spawnerr)}});
    expect("start --wait=60 x", row.out, row.status);
  }
}

TEST_F(SettlingTest, WhatIsLateIsAnErrorThatSaysWhere) {
  states({{state("x", "x", 10)}});
  expect("start --wait=0 x", "x: ERROR (still STARTING after 0 s)\n", 7);
  states({{state("x", "x", 20)}, {state("x", "x", 40)}});
  expect("stop --wait=0 x", "x: ERROR (still STOPPING after 0 s)\n", 1);
}

TEST_F(SettlingTest, AProcessThatRunsIsNewsOnlyToWhoNamedIt) {
  states({{state("g", "a", 20), state("g", "b", 20), state("x", "x", 20)}});
  daemon_.refuse("supervisor.startProcess", 60, "ALREADY_STARTED: x");
  daemon_.answer("supervisor.startProcessGroup", XmlRpcArray{});
  expect("start --wait x g:*", "x: ERROR (already started)\n", 0);
}

TEST_F(SettlingTest, WhatTheDaemonRefusesIsToldAtOnce) {
  states({{state("x", "x", 0)}});
  daemon_.refuse("supervisor.startProcess", 20, "NO_FILE: x");
  expect("start --wait x", "x: ERROR (no such file)\n", 1);
  daemon_.refuse("supervisor.startProcess", 10, "BAD_NAME: zz");
  expect("start --wait zz", "zz: ERROR (no such process)\n", 1);
}

TEST_F(SettlingTest, AStartAwaitsTheEndOfAStop) {
  states({{state("x", "x", 40)},
          {state("x", "x", 40)},
          {state("x", "x", 0)},
          {state("x", "x", 10)},
          {state("x", "x", 20)}});
  expect("start --wait x", "x: started\n", 0);
}

TEST_F(SettlingTest, AStopWaitsUntilTheProcessHasGone) {
  states({{state("x", "x", 20)}, {state("x", "x", 40)}, {state("x", "x", 0)}});
  expect("stop --wait x", "x: stopped\n", 0);
  daemon_.refuse("supervisor.stopProcess", 70, "NOT_RUNNING: x");
  states({{state("x", "x", 100)}});
  expect("stop --wait x", "x: ERROR (not running)\n", 0);
}

TEST_F(SettlingTest, AStopNoticesThatSomebodyStartsAgain) {
  states({{state("x", "x", 20)}, {state("x", "x", 40)}, {state("x", "x", 10)}});
  expect("stop --wait x", "x: ERROR (started again meanwhile)\n", 1);
}

TEST_F(SettlingTest, ARestartIsBoth) {
  states({{state("x", "x", 20)},
          {state("x", "x", 40)},
          {state("x", "x", 0)},
          {state("x", "x", 0)},
          {state("x", "x", 0)},
          {state("x", "x", 20)}});
  expect("restart --wait x", "x: stopped\nx: started\n", 0);
}

TEST_F(SettlingTest, AnUpdateWaitsForWhatStartsByItself) {
  daemon_.answer("supervisor.reloadConfig",
                 XmlRpcArray{XmlRpcArray{XmlRpcArray{"n"}, XmlRpcArray{}, XmlRpcArray{}}});
  daemon_.answer("supervisor.addProcessGroup", true);
  daemon_.answer("supervisor.getAllConfigInfo",
                 XmlRpcArray{XmlRpcStruct{{"name", "a"}, {"group", "n"}, {"autostart", true}},
                             XmlRpcStruct{{"name", "b"}, {"group", "n"}, {"autostart", false}},
                             XmlRpcStruct{{"name", "old"}, {"group", "old"}, {"autostart", true}}});
  // At first the daemon has not come to it, which looks like stopped.
  states({{state("n", "a", 0), state("n", "b", 0)},
          {state("n", "a", 10), state("n", "b", 0)},
          {state("n", "a", 20), state("n", "b", 0)}});
  expect("update --wait", "n: added process group\nn:a: started\n", 0);
  states({{state("n", "a", 200, "cannot")}});
  const CtlResult json = client_.run("update --wait --json");
  EXPECT_EQ(json.err, "n:a: ERROR (cannot)\n");
  EXPECT_EQ(json.status, 7);
}

TEST_F(SettlingTest, TheLimitIsANumber) {
  for (const char* line : {"start --wait=x a", "stop --wait=-1 a", "restart --wait=5s a",
                           "update --wait=99999999999"}) {
    const CtlResult result = client_.run(line);
    EXPECT_TRUE(result.out.starts_with("Error: --wait takes a number of seconds, not ")) << line;
    EXPECT_EQ(result.status, 2) << line;
  }
}

struct Events {
  std::string text;
  bool found;
  std::string rest;
};

TEST(StateChanges, KnowsWholeEvents) {
  for (const Events& row : {Events{"", false, ""},
                            {"event: state\ndata: {}\n\n", true, ""},
                            {"data: 1\r\n\r\ndata: 2", true, "data: 2"},
                            {": ping\n\n", false, ""},
                            {"data: x\n", false, "data: x\n"},
                            {"retry: 5\n\n", false, ""}}) {
    std::string text = row.text;
    EXPECT_EQ(take_events(text), row.found) << row.text;
    EXPECT_EQ(text, row.rest);
  }
}

}  // namespace
}  // namespace sv::ctl
