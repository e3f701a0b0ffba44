#include "web/action.h"

#include "web_fixture.h"

namespace sv::web {
namespace {

using core::ProcessState;

class ActionTest : public WebTest {
 protected:
  /// Acts on what a path names: act("x", "start").
  wire::HttpResponse act(const std::string& name, const std::string& action, std::string body = "",
                         std::string query = "") {
    return answer(
        post("/api/v1/programs/" + name + "/" + action, std::move(body), std::move(query)));
  }
  wire::HttpResponse act_on_list(std::string body) {
    return answer(post("/api/v1/actions", std::move(body)));
  }
  /// "g:a ok, x BAD_NAME".
  static std::string results_of(const wire::HttpResponse& response) {
    std::string text;
    const Json body = body_of(response);
    for (const Json& result : body.value("results", Json::array())) {
      text += text.empty() ? "" : ", ";
      text += result.value("name", "") + " ";
      text += result.value("ok", false) ? "ok" : result["error"].value("code", "");
    }
    return text;
  }
};

TEST_F(ActionTest, AStartWaitsUntilTheProgramIsUp) {
  EXPECT_EQ(act("x", "start").status, 0) << "waits";
  host.world.pass(seconds{1});
  const wire::HttpResponse response = finish();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body_of(response)["program"]["state"], "RUNNING");
}

TEST_F(ActionTest, WithoutWaitingTheAnswerComesAtOnce) {
  EXPECT_EQ(body_of(act("x", "start", R"({"wait":false})"))["program"]["state"], "STARTING");
  host.world.pass(seconds{1});
  EXPECT_EQ(body_of(act("x", "stop", "", "wait=false"))["program"]["state"], "STOPPING");
}

TEST_F(ActionTest, AStopWaitsUntilTheProgramHasEnded) {
  host.world.start("x");
  EXPECT_EQ(act("x", "stop").status, 0);
  EXPECT_EQ(pending->deadline(), host.now().mono + seconds{2}) << "to log that it waits";
  host.world.dies("x", 15);
  EXPECT_EQ(body_of(finish())["program"]["state"], "STOPPED");
}

TEST_F(ActionTest, FailuresAreErrorsWithTheNamesOfTheFaults) {
  EXPECT_EQ(error_of(act("nosuch", "start")), "404 BAD_NAME");
  EXPECT_EQ(error_of(act("x", "stop")), "409 NOT_RUNNING");
  host.world.start("x");
  EXPECT_EQ(error_of(act("x", "start")), "409 ALREADY_STARTED");
  host.bad_commands["a"] = rpc::make_fault(rpc::FaultCode::no_file, "can't find command '/a'");
  EXPECT_EQ(error_of(act("g:a", "start")), "422 NO_FILE");
  host.world.unspawnable = {"b"};
  EXPECT_EQ(error_of(act("g:b", "start")), "422 SPAWN_ERROR");
  host.unremovable = {"x"};
  EXPECT_EQ(error_of(act("x", "clear")), "500 FAILED");
}

TEST_F(ActionTest, ARestartStopsFirst) {
  host.world.start("x");
  host.world.pass(seconds{1});
  EXPECT_EQ(act("x", "restart").status, 0);
  host.world.dies("x", 15);
  EXPECT_EQ(finish().status, 0);
  EXPECT_EQ(host.world.state("x"), ProcessState::starting);
  host.world.pass(seconds{1});
  EXPECT_EQ(body_of(finish())["program"]["restarts"], 1);
}

TEST_F(ActionTest, ARestartStartsWhatDidNotRun) {
  EXPECT_EQ(act("x", "restart").status, 0);
  host.world.pass(seconds{1});
  EXPECT_EQ(body_of(finish())["program"]["state"], "RUNNING");
}

TEST_F(ActionTest, ASignalIsANameOrANumber) {
  host.world.start("x");
  EXPECT_EQ(act("x", "signal", R"({"signal":"HUP"})").status, 200);
  EXPECT_EQ(act("x", "signal", "", "signal=10").status, 200);
  EXPECT_EQ(host.signals, (std::vector<std::string>{"x 1", "x 10"}));
  EXPECT_EQ(error_of(act("x", "signal", R"({"signal":"NOSUCH"})")), "400 BAD_SIGNAL");
  EXPECT_EQ(error_of(act("x", "signal")), "400 BAD_REQUEST");
}

TEST_F(ActionTest, ClearEmptiesBothLogs) {
  host.stdout_logs = {{"x", "/o"}};
  host.stderr_logs = {{"x", "/e"}};
  host.files = {{"/o", "1"}, {"/e", "2"}};
  EXPECT_EQ(act("x", "clear").status, 200);
  EXPECT_EQ(host.files["/o"] + host.files["/e"], "");
}

TEST_F(ActionTest, AGroupOrAllAnswerWithAList) {
  host.world.start("a");
  EXPECT_EQ(act("g:*", "start").status, 0);
  host.world.pass(seconds{1});
  EXPECT_EQ(results_of(finish()), "g:b ok") << "a ran already";
  EXPECT_EQ(results_of(act("*", "signal", R"({"signal":"USR1"})")), "g:a ok, g:b ok");
  EXPECT_EQ(results_of(act("g:*", "clear")), "g:a ok, g:b ok");
  EXPECT_EQ(results_of(act("*", "clear")), "g:a ok, g:b ok, x ok");
  EXPECT_EQ(error_of(act("h:*", "stop")), "404 BAD_NAME");
}

TEST_F(ActionTest, AListTellsWhatCameOfEach) {
  host.world.start("x");
  host.bad_commands["b"] = rpc::make_fault(rpc::FaultCode::not_executable, "b");
  EXPECT_EQ(
      act_on_list(R"({"action":"restart","programs":["g:a","x","nosuch","g:b","g:a"]})").status, 0);
  host.world.dies("x", 15);
  EXPECT_EQ(finish().status, 0);
  host.world.pass(seconds{1});
  EXPECT_EQ(results_of(finish()), "g:a ok, x ok, nosuch BAD_NAME, g:b NOT_EXECUTABLE");
}

TEST_F(ActionTest, AListMayHoldPatterns) {
  EXPECT_EQ(act_on_list(R"({"action":"start","programs":["g:*","x"],"wait":false})").status, 200);
  EXPECT_EQ(host.world.state("b"), ProcessState::starting);
  EXPECT_EQ(host.world.state("x"), ProcessState::starting);
}

TEST_F(ActionTest, RequestsThatMakeNoSenseDoNothing) {
  for (const char* body :
       {"", "[]", "{", "\"x\"", "null", R"({"action":"start"})", R"({"programs":["x"]})",
        R"({"action":"explode","programs":["x"]})", R"({"action":1,"programs":["x"]})",
        R"({"action":"start","programs":[]})", R"({"action":"start","programs":"x"})",
        R"({"action":"start","programs":[1]})", R"({"action":"start","programs":["x"],"wait":1})",
        R"({"action":"signal","programs":["x"]})", "\xFF"}) {
    EXPECT_EQ(error_of(act_on_list(body)), "400 BAD_REQUEST") << body;
  }
  EXPECT_EQ(error_of(act("x", "start", "[1]")), "400 BAD_REQUEST");
  EXPECT_EQ(error_of(act("x", "start", "", "wait=maybe")), "400 BAD_REQUEST");
  EXPECT_EQ(error_of(act("x", "start", R"({"wait":"no"})")), "400 BAD_REQUEST");
  const std::string deep(500'000, '[');
  EXPECT_EQ(error_of(act_on_list(deep)), "400 BAD_REQUEST");
  EXPECT_EQ(error_of(act_on_list(deep + std::string(500'000, ']'))), "400 BAD_REQUEST");
  EXPECT_EQ(host.world.state("x"), ProcessState::stopped);
}

TEST_F(ActionTest, AListHasALimit) {
  std::string body = R"({"action":"clear","programs":["x")";
  for (std::size_t i = 0; i < ActionRequest::kMaxNames; ++i) {
    body += ",\"x\"";
  }
  EXPECT_EQ(error_of(act_on_list(body + "]}")), "400 BAD_REQUEST");
}

TEST_F(ActionTest, AProgramMayBeRemovedWhileItsAnswerWaits) {
  host.world.start("x");
  EXPECT_EQ(act("x", "stop").status, 0);
  host.world.dies("x", 15);
  ASSERT_TRUE(host.remove_group("x"));
  const wire::HttpResponse response = finish();
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(body_of(response)["program"].is_null());
}

TEST_F(ActionTest, OnceTheDaemonStopsNothingIsStarted) {
  host.world.start("x");
  host.shut_down();
  EXPECT_EQ(error_of(act("g:a", "start")), "503 SHUTDOWN_STATE");
}

TEST_F(ActionTest, WorkWithoutTheXmlRpcInterface) {
  host.startup.rpc_interfaces.clear();
  EXPECT_EQ(act("x", "clear").status, 200);
}

}  // namespace
}  // namespace sv::web
