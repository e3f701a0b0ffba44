#include "rpc/dispatcher.h"

#include <gtest/gtest.h>

#include "rpc/method_table.h"
#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

class DispatcherTest : public RpcTest {
 protected:
  void begin_shutdown() {
    host.activate(group("x", {{.name = "x"}}));
    host.shut_down();
    ASSERT_EQ(host.supervisor().mood(), core::Mood::shutdown);
  }
};

/// As many arguments of the right type as a method takes at most.
XmlRpcArray arguments_for(const Method& method) {
  XmlRpcArray arguments;
  for (std::size_t i = 0; i < method.parameter_count(); ++i) {
    if (method.parameters[i].type == "array") {
      arguments.emplace_back(XmlRpcArray{});
    } else {
      arguments.emplace_back("1");
    }
  }
  return arguments;
}

TEST_F(DispatcherTest, UnknownMethodsAreAFault) {
  for (const char* name :
       {"supervisor.nosuch", "supervisor._private", "getState", "supervisor", "", "a.b.c",
        "supervisor.getState.x", " supervisor.getState ", "Supervisor.getState", "system.getState",
        "supervisor.", ".getState", "__class__.__name__"}) {
    EXPECT_EQ(Conversation(dispatcher.call({name, {}}), host).reply(), fault(1, "UNKNOWN_METHOD"))
        << name;
  }
}

TEST_F(DispatcherTest, TheNumberOfArgumentsIsChecked) {
  for (const Method& method : all_methods()) {
    XmlRpcArray arguments = arguments_for(method);
    arguments.emplace_back("one more");
    EXPECT_EQ(call(method.name, arguments), fault(2, "INCORRECT_PARAMETERS")) << method.name;
    if (method.required > 0) {
      arguments.resize(method.required - 1);
      EXPECT_EQ(call(method.name, arguments), fault(2, "INCORRECT_PARAMETERS")) << method.name;
    }
  }
}

TEST_F(DispatcherTest, WhoMayOnlyLookChangesNothing) {
  host.activate(group("x", {{.name = "x"}}));
  std::string allowed;
  for (const Method& method : all_methods()) {
    if (method.needs == Access::read_only) {
      allowed.append(method.name).append("\n");
      continue;
    }
    Conversation refused(
        dispatcher.call({std::string(method.name), arguments_for(method)}, Access::read_only),
        host);
    EXPECT_EQ(refused.reply(),
              fault(30, "FAILED: these credentials may look, but not change anything"))
        << method.name;
  }
  EXPECT_EQ(allowed,
            "supervisor.getAPIVersion\nsupervisor.getAllConfigInfo\nsupervisor.getAllProcessInfo\n"
            "supervisor.getIdentification\nsupervisor.getPID\nsupervisor.getProcessInfo\n"
            "supervisor.getState\nsupervisor.getSupervisorVersion\nsupervisor.getVersion\n"
            "supervisor.readLog\nsupervisor.readMainLog\nsupervisor.readProcessLog\n"
            "supervisor.readProcessStderrLog\nsupervisor.readProcessStdoutLog\n"
            "supervisor.tailProcessLog\nsupervisor.tailProcessStderrLog\n"
            "supervisor.tailProcessStdoutLog\nsystem.listMethods\nsystem.methodHelp\n"
            "system.methodSignature\nsystem.multicall\n");
}

TEST_F(DispatcherTest, MulticallIsNoWayAroundTheAccess) {
  const XmlRpcArray calls{XmlRpcStruct{{"methodName", "supervisor.getPID"}},
                          XmlRpcStruct{{"methodName", "supervisor.shutdown"}}};
  Conversation answer(
      dispatcher.call({"system.multicall", {XmlRpcValue(calls)}}, Access::read_only), host);
  const XmlRpcReply reply = answer.reply();
  ASSERT_TRUE(reply);
  const XmlRpcArray& results = *reply->get_if<XmlRpcArray>();
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0], *call("getPID"));
  EXPECT_EQ(*results[1].member("faultCode"), XmlRpcValue(30));
  EXPECT_EQ(host.supervisor().mood(), core::Mood::running);
}

TEST_F(DispatcherTest, EveryMethodSurvivesArgumentsOfEveryType) {
  const XmlRpcValue values[] = {
      XmlRpcValue(), true, -1, 0.5, "x", XmlRpcArray{1}, XmlRpcStruct{{"methodName", "x"}}};
  host.activate(group("x", {{.name = "x"}}));
  for (const Method& method : all_methods()) {
    if (method.name == "supervisor.shutdown" || method.name == "supervisor.restart") {
      continue;
    }
    for (const XmlRpcValue& value : values) {
      (void)begin(method.name, XmlRpcArray(method.parameter_count(), value)).waits();
    }
  }
  EXPECT_TRUE(log.take().empty()) << "a method threw";
}

TEST_F(DispatcherTest, AShutdownClosesTheInterfaceButForEventsAndIntrospection) {
  begin_shutdown();
  for (const Method& method : all_methods()) {
    const bool open =
        method.name == "supervisor.sendRemoteCommEvent" || method.name.starts_with("system.");
    const XmlRpcReply reply = call(method.name, arguments_for(method));
    EXPECT_EQ(reply == fault(6, "SHUTDOWN_STATE"), !open) << method.name;
  }
  EXPECT_EQ(call("sendRemoteCommEvent", {"a", "b"}), yes());
}

TEST_F(DispatcherTest, WhatWaitsIsAnsweredDuringAShutdown) {
  host.activate(group("x", {{.name = "x"}}));
  auto stop = begin("stopProcess", {"x"});
  host.shut_down();
  EXPECT_TRUE(stop.waits());
  host.world.dies("x", 15);
  EXPECT_EQ(stop.reply(), yes());
}

TEST_F(DispatcherTest, ArgumentsAreCountedBeforeTheGateAndTypedBehindIt) {
  begin_shutdown();
  EXPECT_EQ(call("getState", {1}), fault(2, "INCORRECT_PARAMETERS"));
  EXPECT_EQ(call("sendProcessStdin", {"x", 5}), fault(6, "SHUTDOWN_STATE"));
}

TEST_F(DispatcherTest, WithoutItsSectionTheInterfaceDoesNotExist) {
  host.startup.rpc_interfaces = {"other"};
  host.latest.rpc_interfaces = {"supervisor"};
  EXPECT_EQ(call("getState"), fault(1, "UNKNOWN_METHOD"));
  EXPECT_EQ(call("system.methodHelp", {"supervisor.getState"}), fault(4, "SIGNATURE_UNSUPPORTED"));
  EXPECT_EQ(call("system.listMethods")->get_if<XmlRpcArray>()->size(), 4U);
}

TEST_F(DispatcherTest, CallsAreTracedWithTheirOutcome) {
  log.threshold = Level::trace;
  host.activate(group("x", {{.name = "x"}}));
  (void)call("getPID");
  (void)call("getProcessInfo", {"nosuch"});
  EXPECT_EQ(log.take(),
            (std::vector<std::string>{
                "TRAC XML-RPC method called: supervisor.getPID()",
                "TRAC XML-RPC method supervisor.getPID() returned successfully",
                "TRAC XML-RPC method called: supervisor.getProcessInfo()",
                "TRAC XML-RPC method supervisor.getProcessInfo() returned fault: [10] BAD_NAME: "
                "nosuch"}));
}

TEST_F(DispatcherTest, AReplyThatWaitsIsTracedWhenItComes) {
  log.threshold = Level::trace;
  host.activate(group("x", {{.name = "x"}}));
  auto stop = begin("stopProcess", {"x"});
  EXPECT_EQ(log.take(),
            (std::vector<std::string>{"TRAC XML-RPC method called: supervisor.stopProcess()",
                                      "INFO waiting for x to stop"}));
  EXPECT_TRUE(stop.deadline().has_value());
  host.world.dies("x", 15);
  EXPECT_EQ(stop.reply(), yes());
  EXPECT_EQ(log.take(), (std::vector<std::string>{
                            "TRAC XML-RPC method supervisor.stopProcess() returned successfully"}));
}

}  // namespace
}  // namespace sv::rpc
