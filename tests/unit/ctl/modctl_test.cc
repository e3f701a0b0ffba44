#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <string>
#include <vector>

#include "ctl/commands.h"
#include "support/ctl_client.h"
#include "support/fake_daemon.h"

/// What a modctl does beyond a supervisorctl.
namespace sv::ctl {
namespace {

using test::CtlClient;
using test::CtlResult;
using test::FakeDaemon;
using wire::XmlRpcArray;
using wire::XmlRpcStruct;
using Words = std::vector<std::string>;

XmlRpcStruct info(const std::string& group, const std::string& name, int state,
                  const std::string& statename, int pid = 0) {
  return {{"name", name},           {"group", group}, {"state", state},
          {"statename", statename}, {"pid", pid},     {"description", "text"}};
}

/// A daemon with a running web-1 and a group of two stopped processes.
class Modctl : public testing::Test {
 protected:
  Modctl() {
    client_.settings.dialect = Dialect::modctl;
    daemon_.answer("supervisor.getAllProcessInfo",
                   XmlRpcArray{info("grp", "a", 0, "STOPPED"), info("grp", "b", 30, "BACKOFF"),
                               info("web-1", "web-1", 20, "RUNNING", 42)});
  }

  void expect(const std::string& line, const CtlResult& expected) {
    EXPECT_EQ(client_.run(line), expected) << line;
  }

  // The calls since the last time, but for the check of the server.
  Words calls() {
    Words all = daemon_.calls();
    Words fresh(all.begin() + static_cast<std::ptrdiff_t>(seen_), all.end());
    seen_ = all.size();
    std::erase(fresh, "supervisor.getVersion()");
    return fresh;
  }

  FakeDaemon daemon_;
  CtlClient client_{daemon_.url()};

 private:
  std::size_t seen_ = 0;
};

const std::string kWeb = "web-1                            RUNNING   text\n";

using ModctlJson = Modctl;

TEST_F(ModctlJson, AnswersWithWhatTheDaemonSays) {
  const CtlResult one = client_.run("status --json web-1");
  EXPECT_EQ(one.out,
            "[\n  {\n    \"name\": \"web-1\",\n    \"group\": \"web-1\",\n    \"state\": 20,\n"
            "    \"statename\": \"RUNNING\",\n    \"pid\": 42,\n    \"description\": \"text\"\n"
            "  }\n]\n");
  EXPECT_EQ(one.status, 0);
  EXPECT_EQ(client_.run("status --json").status, 3) << "exit codes are those of the text form";
  daemon_.answer("supervisor.getSupervisorVersion", "4.2.5");
  expect("version --json", {"{\n  \"version\": \"4.2.5\"\n}\n", "", 0});
  daemon_.answer("supervisor.getPID", 7);
  expect("pid --json", {"{\n  \"pid\": 7\n}\n", "", 0});
  daemon_.answer("supervisor.getAllConfigInfo", XmlRpcArray{XmlRpcStruct{{"inuse", true}}});
  expect("avail --json", {"[\n  {\n    \"inuse\": true\n  }\n]\n", "", 0});
}

TEST_F(ModctlJson, TellsProblemsOnStderr) {
  expect("status zz --json", {"[]\n", "zz: ERROR (no such process)\n", 4});
  daemon_.refuse("supervisor.getProcessInfo", 10, "BAD_NAME: zz");
  expect("pid --json zz", {"[]\n", "No such process zz\n", 1});
  daemon_.refuse("supervisor.reloadConfig", 92, "CANT_REREAD: x");
  expect("reread --json", {"", "ERROR: CANT_REREAD: x\n", 1});
  const CtlResult fault = client_.run("avail --json");
  EXPECT_EQ(fault.out, "");
  EXPECT_NE(fault.err.find("error: "), std::string::npos);
  EXPECT_EQ(client_.run(std::nullopt, "status --json zz\nstatus zz\n").err,
            "zz: ERROR (no such process)\n")
      << "the next command answers with text";
}

TEST_F(ModctlJson, HasPidsOfSeveralInAList) {
  daemon_.answer("supervisor.getProcessInfo", info("web-1", "web-1", 20, "RUNNING", 42));
  const std::string list =
      "[\n  {\n    \"name\": \"web-1\",\n    \"group\": \"web-1\",\n    \"pid\": 42\n  }\n]\n";
  expect("pid --json web-1", {list, "", 0});
  daemon_.answer("supervisor.getAllProcessInfo",
                 XmlRpcArray{info("web-1", "web-1", 20, "RUNNING", 42)});
  expect("pid --json all", {list, "", 0});
}

TEST_F(ModctlJson, HasTheGroupsThatChange) {
  daemon_.answer(
      "supervisor.reloadConfig",
      XmlRpcArray{XmlRpcArray{XmlRpcArray{"new"}, XmlRpcArray{"cat"}, XmlRpcArray{"grp"}}});
  const std::string all =
      "{\n  \"added\": [\n    \"new\"\n  ],\n  \"changed\": [\n    \"cat\"\n  ],\n"
      "  \"removed\": [\n    \"grp\"\n  ]\n}\n";
  expect("reread --json", {all, "", 0});
  daemon_.answer("supervisor.stopProcessGroup", XmlRpcArray{});
  daemon_.answer("supervisor.removeProcessGroup", true);
  daemon_.answer("supervisor.addProcessGroup", true);
  expect("update --json", {all, "", 0});
  daemon_.answer("supervisor.stopProcessGroup", XmlRpcArray{XmlRpcStruct{{"status", 30}}});
  expect("update --json grp", {"{\n  \"added\": [],\n  \"changed\": [],\n  \"removed\": []\n}\n",
                               "grp: has problems; not removing\n", 1});
}

using ModctlPatterns = Modctl;

TEST_F(ModctlPatterns, AreNamesToEveryCommand) {
  expect("status web-* g*:a", {kWeb + "grp:a                            STOPPED   text\n", "", 3});
  daemon_.answer("supervisor.startProcess", true);
  expect("start *:[ab]", {"grp:a: started\ngrp:b: started\n", "", 0});
  (void)calls();
  (void)client_.run("tail -5 web-*");
  (void)client_.run("signal HUP web-*");
  (void)client_.run("remove w*");
  EXPECT_EQ(
      calls(),
      (Words{"supervisor.getAllProcessInfo()", "supervisor.readProcessStdoutLog(web-1, -5, 0)",
             "supervisor.getAllProcessInfo()", "supervisor.signalProcess(web-1, HUP)",
             "supervisor.getAllProcessInfo()", "supervisor.removeProcessGroup(web-1)"}));
}

TEST_F(ModctlPatterns, OfNewGroupsAreWhatTheConfigurationHas) {
  daemon_.answer("supervisor.getAllConfigInfo",
                 XmlRpcArray{XmlRpcStruct{{"name", "n"}, {"group", "new"}, {"inuse", false}},
                             XmlRpcStruct{{"name", "o"}, {"group", "old"}, {"inuse", true}}});
  daemon_.answer("supervisor.addProcessGroup", true);
  expect("add *", {"new: added process group\n", "", 0});
}

TEST_F(ModctlPatterns, ThatMatchNothingAreRefused) {
  daemon_.refuse("supervisor.startProcess", 10, "BAD_NAME: zz*");
  expect("start zz*", {"zz*: ERROR (no such process)\n", "", 1});
  expect("status zz* web-1", {"zz*: ERROR (no such process)\n" + kWeb, "", 4});
}

TEST_F(ModctlPatterns, CostNothingWhereThereAreNone) {
  daemon_.answer("supervisor.startProcess", true);
  expect("start web-1", {"web-1: started\n", "", 0});
  EXPECT_EQ(calls(), (Words{"supervisor.startProcess(web-1)"}));
}

TEST_F(ModctlPatterns, AreUnknownToASupervisorctl) {
  client_.settings.dialect = Dialect::supervisorctl;
  expect("status web-*", {"web-*: ERROR (no such process)\n", "", 4});
  expect("status --json", {"--json: ERROR (no such process)\n", "", 4});
  EXPECT_EQ(client_.run("help status").out.find("--json"), std::string::npos);
}

using ModctlHealth = Modctl;

TEST_F(ModctlHealth, SaysNothingWhenAllIsWell) {
  expect("health", {"", "", 0});
  expect("health --ready web-1 --ready web-*", {"", "", 0});
  EXPECT_EQ(calls(), (Words{"supervisor.getAllProcessInfo()", "supervisor.getAllProcessInfo()"}));
}

TEST_F(ModctlHealth, NamesWhatIsNot) {
  expect("health --ready grp:* --ready zz",
         {"unhealthy: grp:a is STOPPED\nunhealthy: grp:b is BACKOFF\n"
          "unhealthy: zz: no such process\n",
          "", 1});
  daemon_.answer("supervisor.getAllProcessInfo", XmlRpcArray{info("x", "x", 200, "FATAL")});
  expect("health", {"unhealthy: x is FATAL: text\n", "", 1});
  daemon_.refuse("supervisor.getAllProcessInfo", 6, "SHUTDOWN_STATE");
  expect("health", {"unhealthy: the daemon is shutting down\n", "", 1});
}

TEST_F(ModctlHealth, NeverTakesLong) {
  // Nobody accepts: the daemon is there and stuck.
  const test::TempDir dir;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (dir / "s").copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  CtlClient client("unix://" + (dir / "s"));
  client.settings.dialect = Dialect::modctl;
  const CtlResult result = client.run("health --timeout 1");
  EXPECT_EQ(result.out, "unhealthy: unix://" + (dir / "s") + ": Connection timed out\n");
  EXPECT_EQ(result.status, 1);
}

TEST_F(ModctlHealth, RefusesWrongUse) {
  EXPECT_EQ(client_.run("health x").status, 1);
  EXPECT_TRUE(client_.run("health --timeout=0").out.starts_with("Error: --timeout takes"));
}

TEST_F(Modctl, WatchesOnTerminalsOnly) {
  EXPECT_TRUE(client_.run("status --watch").out.starts_with("Error: --watch needs a terminal\n"));
  EXPECT_EQ(client_.run("status --watch").status, 2);
  EXPECT_TRUE(
      client_.run("status --watch --json").err.starts_with("Error: --watch shows no JSON\n"));
}

TEST_F(Modctl, ColoursStates) {
  client_.settings.palette = Palette(Palette::Use::always);
  EXPECT_NE(client_.run("status").out.find("\x1b[32mRUNNING   \x1b[0m"), std::string::npos);
}

TEST_F(Modctl, ExplainsItsOptions) {
  EXPECT_NE(client_.run("help status").out.find("\n  --json\t"), std::string::npos);
  const CtlResult wrong = client_.run("status --jsno");
  EXPECT_TRUE(wrong.out.starts_with("Error: there is no option --jsno\nstatus <name>"));
  EXPECT_EQ(wrong.status, 2);
}

}  // namespace
}  // namespace sv::ctl
