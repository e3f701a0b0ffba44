#include "rpc/daemon_methods.h"

#include <gtest/gtest.h>

#include "base/version.h"
#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

class DaemonMethods : public RpcTest {};

TEST_F(DaemonMethods, TellWhoTheDaemonIs) {
  host.latest.daemon.identifier = "night";
  EXPECT_EQ(call("getAPIVersion"), XmlRpcReply("3.0"));
  EXPECT_EQ(call("getVersion"), XmlRpcReply("3.0"));
  EXPECT_EQ(call("getSupervisorVersion"), XmlRpcReply("4.2.5"));
  EXPECT_EQ(call("getIdentification"), XmlRpcReply("night"));
  EXPECT_EQ(call("getPID"), XmlRpcReply(4711));
  EXPECT_EQ(call("getState"),
            XmlRpcReply(XmlRpcStruct{{"statecode", 1}, {"statename", "RUNNING"}}));
}

TEST_F(DaemonMethods, ARereadRenamesTheDaemon) {
  host.startup.daemon.identifier = "old";
  host.latest.daemon.identifier = "new";
  EXPECT_EQ(call("getIdentification"), XmlRpcReply("new"));
}

TEST_F(DaemonMethods, ShutdownAndRestartAnswerAtOnce) {
  host.activate(group("x", {{.name = "x"}}));
  EXPECT_EQ(call("restart"), yes());
  EXPECT_EQ(host.supervisor().mood(), core::Mood::restarting);
  EXPECT_EQ(call("shutdown"), fault(6, "SHUTDOWN_STATE"));
  EXPECT_EQ(host.ended, 1);
}

TEST_F(DaemonMethods, ARestartIntoABrokenConfigurationIsRefused) {
  host.changes = tl::unexpected(std::string("could not find config file s.conf"));
  EXPECT_EQ(call("restart"), fault(92, "CANT_REREAD: could not find config file s.conf"));
  EXPECT_EQ(host.supervisor().mood(), core::Mood::running);
}

TEST_F(DaemonMethods, ReloadConfigAnswersWithThreeListsInAList) {
  XmlRpcArray wrapped;
  wrapped.emplace_back(XmlRpcArray{XmlRpcArray{}, XmlRpcArray{}, XmlRpcArray{}});
  EXPECT_EQ(call("reloadConfig"), list(wrapped));

  host.changes = config::GroupChanges{{"a", "b"}, {"c"}, {}};
  wrapped.clear();
  wrapped.emplace_back(
      XmlRpcArray{XmlRpcArray{"a", "b"}, XmlRpcArray{XmlRpcValue("c")}, XmlRpcArray{}});
  EXPECT_EQ(call("reloadConfig"), list(wrapped));
}

TEST_F(DaemonMethods, AFailedRereadSaysWhy) {
  host.changes = tl::unexpected(std::string("Invalid name: 'ba d' because of character: ' '"));
  EXPECT_EQ(call("reloadConfig"),
            fault(92, "CANT_REREAD: Invalid name: 'ba d' because of character: ' '"));
}

TEST_F(DaemonMethods, GroupsAreAddedFromTheLatestConfiguration) {
  host.latest.groups.push_back(*group("x", {{.name = "x"}}));
  EXPECT_EQ(call("addProcessGroup", {"nosuch"}), fault(10, "BAD_NAME: nosuch"));
  EXPECT_EQ(call("addProcessGroup", {"x:*"}), fault(10, "BAD_NAME: x:*"));
  EXPECT_EQ(call("addProcessGroup", {"x"}), yes());
  EXPECT_EQ(host.world.state("x"), core::ProcessState::starting);
  EXPECT_EQ(call("addProcessGroup", {"x"}), fault(90, "ALREADY_ADDED: x"));
}

TEST_F(DaemonMethods, OnlyStoppedGroupsAreRemoved) {
  host.activate(group("x", {{.name = "x"}}));
  EXPECT_EQ(call("removeProcessGroup", {"nosuch"}), fault(10, "BAD_NAME: nosuch"));
  EXPECT_EQ(call("removeProcessGroup", {"x"}), fault(91, "STILL_RUNNING: x"));
  host.world.exits("x", 1);
  EXPECT_EQ(call("removeProcessGroup", {"x"}), fault(91, "STILL_RUNNING: x")) << "BACKOFF";
  host.world.stop("x");
  EXPECT_EQ(call("removeProcessGroup", {"x"}), yes());
  EXPECT_EQ(call("addProcessGroup", {"x"}), yes()) << "without reading again";
}

}  // namespace
}  // namespace sv::rpc
