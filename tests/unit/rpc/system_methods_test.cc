#include "rpc/system_methods.h"

#include <gtest/gtest.h>

#include "rpc/method_table.h"
#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

using std::chrono::seconds;

class SystemMethods : public RpcTest {
 protected:
  [[nodiscard]] static XmlRpcValue entry(std::string method, XmlRpcArray params = {}) {
    return XmlRpcStruct{{"methodName", std::move(method)}, {"params", std::move(params)}};
  }
  [[nodiscard]] static XmlRpcValue failure(int code, std::string text) {
    return XmlRpcStruct{{"faultCode", code}, {"faultString", std::move(text)}};
  }
  [[nodiscard]] Conversation multicall(XmlRpcArray entries) {
    XmlRpcArray params;
    params.emplace_back(std::move(entries));
    return begin("system.multicall", std::move(params));
  }
};

TEST_F(SystemMethods, ListExactlyTheReferencesMethods) {
  XmlRpcArray expected;
  for (const char* name : {"addProcessGroup",
                           "clearAllProcessLogs",
                           "clearLog",
                           "clearProcessLog",
                           "clearProcessLogs",
                           "getAPIVersion",
                           "getAllConfigInfo",
                           "getAllProcessInfo",
                           "getIdentification",
                           "getPID",
                           "getProcessInfo",
                           "getState",
                           "getSupervisorVersion",
                           "getVersion",
                           "readLog",
                           "readMainLog",
                           "readProcessLog",
                           "readProcessStderrLog",
                           "readProcessStdoutLog",
                           "reloadConfig",
                           "removeProcessGroup",
                           "restart",
                           "sendProcessStdin",
                           "sendRemoteCommEvent",
                           "shutdown",
                           "signalAllProcesses",
                           "signalProcess",
                           "signalProcessGroup",
                           "startAllProcesses",
                           "startProcess",
                           "startProcessGroup",
                           "stopAllProcesses",
                           "stopProcess",
                           "stopProcessGroup",
                           "tailProcessLog",
                           "tailProcessStderrLog",
                           "tailProcessStdoutLog"}) {
    expected.emplace_back(std::string("supervisor.") + name);
  }
  for (const char* name : {"listMethods", "methodHelp", "methodSignature", "multicall"}) {
    expected.emplace_back(std::string("system.") + name);
  }
  EXPECT_EQ(call("system.listMethods"), list(expected));
}

TEST_F(SystemMethods, SignaturesAreThoseOfTheReference) {
  const std::vector<std::pair<std::string_view, std::vector<std::string_view>>> expected = {
      {"getAPIVersion", {"string"}},
      {"getVersion", {"string"}},
      {"getSupervisorVersion", {"string"}},
      {"getIdentification", {"string"}},
      {"getState", {"struct"}},
      {"getPID", {"int"}},
      {"readLog", {"string", "int", "int"}},
      {"readMainLog", {"string", "int", "int"}},
      {"clearLog", {"boolean"}},
      {"shutdown", {"boolean"}},
      {"restart", {"boolean"}},
      {"reloadConfig", {"array"}},
      {"addProcessGroup", {"boolean", "string"}},
      {"removeProcessGroup", {"boolean", "string"}},
      {"startProcess", {"boolean", "string", "boolean"}},
      {"startProcessGroup", {"array", "string", "boolean"}},
      {"startAllProcesses", {"array", "boolean"}},
      {"stopProcess", {"boolean", "string", "boolean"}},
      {"stopProcessGroup", {"array", "string", "boolean"}},
      {"stopAllProcesses", {"array", "boolean"}},
      {"signalProcess", {"boolean", "string", "string"}},
      {"signalProcessGroup", {"array", "string", "string"}},
      {"signalAllProcesses", {"array", "string"}},
      {"getProcessInfo", {"struct", "string"}},
      {"getAllProcessInfo", {"array"}},
      {"getAllConfigInfo", {"array"}},
      {"readProcessStdoutLog", {"string", "string", "int", "int"}},
      {"readProcessLog", {"string", "string", "int", "int"}},
      {"readProcessStderrLog", {"string", "string", "int", "int"}},
      {"tailProcessStdoutLog", {"array", "string", "int", "int"}},
      {"tailProcessLog", {"array", "string", "int", "int"}},
      {"tailProcessStderrLog", {"array", "string", "int", "int"}},
      {"clearProcessLogs", {"boolean", "string"}},
      {"clearProcessLog", {"boolean", "string"}},
      {"clearAllProcessLogs", {"array"}},
      {"sendProcessStdin", {"boolean", "string", "string"}},
      {"sendRemoteCommEvent", {"boolean", "string", "string"}},
      {"system.listMethods", {"array"}},
      {"system.methodHelp", {"string", "string"}},
      {"system.methodSignature", {"array", "string"}},
      {"system.multicall", {"array", "array"}},
  };
  EXPECT_EQ(expected.size(), all_methods().size());
  for (const auto& [name, types] : expected) {
    const std::string full =
        name.starts_with("system.") ? std::string(name) : "supervisor." + std::string(name);
    EXPECT_EQ(call("system.methodSignature", {full}), list({types.begin(), types.end()})) << full;
  }
}

TEST_F(SystemMethods, HelpEndsWithTheSignatureInTags) {
  for (const Method& method : all_methods()) {
    const XmlRpcReply reply = call("system.methodHelp", {method.name});
    const auto* help = reply->get_if<std::string>();
    ASSERT_NE(help, nullptr);
    std::size_t tags = 0;
    for (std::size_t at = help->find("@param "); at != std::string::npos;
         at = help->find("@param ", at + 1)) {
      ++tags;
    }
    EXPECT_EQ(tags, method.parameter_count()) << method.name;
    EXPECT_NE(help->find("@return " + std::string(method.result.type) + " "), std::string::npos);
  }
  EXPECT_EQ(call("system.methodHelp", {"nosuch"}), fault(4, "SIGNATURE_UNSUPPORTED"));
  EXPECT_EQ(call("system.methodSignature", {"supervisor"}), fault(4, "SIGNATURE_UNSUPPORTED"));
}

TEST_F(SystemMethods, MulticallAnswersWithBareResultsAndFaultStructs) {
  EXPECT_EQ(
      multicall({entry("supervisor.getAPIVersion"), entry("supervisor.getPID", {1}),
                 entry("nosuch"), entry("system.multicall"),
                 XmlRpcStruct{{"methodName", "supervisor.getPID"}},
                 XmlRpcStruct{{"params", XmlRpcArray{}}}, entry("")})
          .reply(),
      list({"3.0", failure(2, "INCORRECT_PARAMETERS"), failure(1, "UNKNOWN_METHOD"),
            failure(2, "INCORRECT_PARAMETERS: Recursive system.multicall forbidden"), 4711,
            failure(2, "INCORRECT_PARAMETERS: No methodName"), failure(1, "UNKNOWN_METHOD")}));
  EXPECT_EQ(multicall({}).reply(), list({}));
}

TEST_F(SystemMethods, MulticallRunsStrictlyInSequence) {
  host.activate(group("x", {{.name = "x"}}));
  host.world.pass(seconds{1});
  auto calls = multicall({entry("supervisor.stopProcess", {"x"}),
                          entry("supervisor.startProcess", {"x"}), entry("supervisor.getPID")});
  EXPECT_TRUE(calls.waits());
  EXPECT_EQ(host.world.state("x"), core::ProcessState::stopping);
  EXPECT_EQ(calls.deadline(), host.now().mono + seconds{2});
  host.world.dies("x", 15);
  EXPECT_TRUE(calls.waits());
  EXPECT_EQ(host.world.state("x"), core::ProcessState::starting);
  EXPECT_EQ(calls.deadline(), std::nullopt);
  host.world.pass(seconds{1});
  EXPECT_EQ(calls.reply(), list({true, true, 4711}));
}

TEST_F(SystemMethods, MulticallRefusesWhatIsNoListOfStructsBeforeDoingAnything) {
  host.activate(group("x", {{.name = "x", .autostart = false}}));
  EXPECT_EQ(call("system.multicall", {"text"}), fault(2, "INCORRECT_PARAMETERS"));
  EXPECT_EQ(call("system.multicall", {XmlRpcStruct{}}), fault(2, "INCORRECT_PARAMETERS"));
  EXPECT_EQ(multicall({entry("supervisor.startProcess", {"x"}), 5}).reply(),
            fault(2, "INCORRECT_PARAMETERS"));
  EXPECT_EQ(host.world.state("x"), core::ProcessState::stopped);
}

TEST_F(SystemMethods, MulticallJudgesEntriesOneByOne) {
  EXPECT_EQ(
      multicall({XmlRpcStruct{{"methodName", 5}}, XmlRpcStruct{{"methodName", XmlRpcValue()}},
                 XmlRpcStruct{{"methodName", "supervisor.getPID"}, {"params", "x"}}})
          .reply(),
      list({failure(2, "INCORRECT_PARAMETERS"), failure(2, "INCORRECT_PARAMETERS: No methodName"),
            failure(2, "INCORRECT_PARAMETERS")}));
}

TEST_F(SystemMethods, MulticallWorksDuringAShutdownButItsCallsDoNot) {
  host.activate(group("x", {{.name = "x"}}));
  host.shut_down();
  EXPECT_EQ(
      multicall({entry("supervisor.getState"), entry("supervisor.sendRemoteCommEvent", {"a", "b"})})
          .reply(),
      list({failure(6, "SHUTDOWN_STATE"), true}));
}

}  // namespace
}  // namespace sv::rpc
