#include "rpc/input_methods.h"

#include <gtest/gtest.h>

#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

class InputMethods : public RpcTest {
 protected:
  InputMethods() { host.activate(group("x", {{.name = "x", .autostart = false}})); }
};

TEST_F(InputMethods, StdinReceivesTheTextAsItIs) {
  host.world.start("x");
  EXPECT_EQ(call("sendProcessStdin", {"x", "h\xC3\xA9"}), yes());
  EXPECT_EQ(call("sendProcessStdin", {"x", ""}), yes());
  EXPECT_EQ(host.stdin_text["x"], "h\xC3\xA9");
}

TEST_F(InputMethods, TheTextIsJudgedBeforeTheName) {
  EXPECT_EQ(call("sendProcessStdin", {"nosuch", 5}), fault(2, "INCORRECT_PARAMETERS: 5"));
  EXPECT_EQ(call("sendProcessStdin", {"nosuch", true}), fault(2, "INCORRECT_PARAMETERS: True"));
  EXPECT_EQ(call("sendProcessStdin", {"nosuch", XmlRpcArray{"a", 1}}),
            fault(2, "INCORRECT_PARAMETERS: ['a', 1]"));
  EXPECT_EQ(call("sendProcessStdin", {"nosuch", "text"}), fault(10, "BAD_NAME: nosuch"));
  EXPECT_EQ(call("sendProcessStdin", {"x:*", "text"}), fault(10, "BAD_NAME: x:*"));
}

TEST_F(InputMethods, StdinNeedsAProcessThatIsNotBeingStopped) {
  EXPECT_EQ(call("sendProcessStdin", {"x", "text"}), fault(70, "NOT_RUNNING: x"));
  host.world.start("x");
  host.world.stop("x");
  EXPECT_EQ(call("sendProcessStdin", {"x", "text"}), fault(70, "NOT_RUNNING: x"));
}

TEST_F(InputMethods, AClosedStdinIsAMissingFile) {
  host.world.start("x");
  host.closed_stdin = {"x"};
  EXPECT_EQ(call("sendProcessStdin", {"x", "text"}), fault(20, "NO_FILE: x"));
}

TEST_F(InputMethods, RemoteEventsCarryAnyValueAsText) {
  EXPECT_EQ(call("sendRemoteCommEvent", {"type", "data"}), yes());
  EXPECT_EQ(call("sendRemoteCommEvent", {1, XmlRpcValue()}), yes());
  EXPECT_EQ(host.remote_events, (std::vector<std::string>{"type|data", "1|None"}));
}

}  // namespace
}  // namespace sv::rpc
