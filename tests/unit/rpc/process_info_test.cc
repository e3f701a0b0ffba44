#include "rpc/process_info.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

using std::chrono::seconds;

class ProcessInfo : public RpcTest {
 protected:
  ProcessInfo() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    host.activate(group("x", {{.name = "x", .start_retries = 0, .autostart = false}}));
  }

  [[nodiscard]] XmlRpcValue info(const char* name, const char* member) {
    const XmlRpcReply reply = call("getProcessInfo", {name});
    const XmlRpcValue* value = reply ? reply->member(member) : nullptr;
    return value != nullptr ? *value : XmlRpcValue();
  }
  [[nodiscard]] XmlRpcValue description(const char* name = "x") {
    return info(name, "description");
  }
  [[nodiscard]] std::int64_t now() const { return unix_seconds(host.now().wall); }
};

TEST(Uptime, IsHoursMinutesSecondsAfterDays) {
  struct Case {
    std::int64_t seconds;
    std::string_view text;
  };
  const Case cases[] = {{0, "0:00:00"},
                        {5, "0:00:05"},
                        {86399, "23:59:59"},
                        {86400, "1 day, 0:00:00"},
                        {90061, "1 day, 1:01:01"},
                        {2 * 86400 + 27200, "2 days, 7:33:20"},
                        {8640000, "100 days, 0:00:00"},
                        {-5, "0:00:00"}};
  for (const Case& c : cases) {
    EXPECT_EQ(format_uptime(c.seconds), c.text);
  }
}

TEST_F(ProcessInfo, HasItsMembersInWireOrder) {
  host.stdout_logs = {{"x", "/log/x.out"}};
  host.stderr_logs = {{"x", "/log/x.err"}};
  host.world.start("x");
  host.world.pass(seconds{65});
  const XmlRpcStruct expected{{"name", "x"},
                              {"group", "x"},
                              {"start", now() - 65},
                              {"stop", 0},
                              {"now", now()},
                              {"state", 20},
                              {"statename", "RUNNING"},
                              {"spawnerr", ""},
                              {"exitstatus", 0},
                              {"logfile", "/log/x.out"},
                              {"stdout_logfile", "/log/x.out"},
                              {"stderr_logfile", "/log/x.err"},
                              {"pid", 101},
                              {"description", "pid 101, uptime 0:01:05"}};
  EXPECT_EQ(call("getProcessInfo", {"x"}), XmlRpcReply(expected));
}

TEST_F(ProcessInfo, DescribesEveryState) {
  EXPECT_EQ(description(), "Not started");
  host.world.start("x");
  EXPECT_EQ(description(), "");  // STARTING
  host.world.pass(seconds{1});
  EXPECT_EQ(description(), "pid 101, uptime 0:00:01");
  host.world.stop("x");
  EXPECT_EQ(description(), "");  // STOPPING
  host.clock_at("2026-11-23 02:14:59");
  host.world.dies("x", 15);
  EXPECT_EQ(description(), "Nov 23 02:14 AM");
  EXPECT_EQ(info("x", "exitstatus"), -1);
}

TEST_F(ProcessInfo, DescribesFailuresByTheirReason) {
  host.world.start("x");
  host.world.exits("x", 1);
  EXPECT_EQ(info("x", "statename"), "FATAL");
  EXPECT_EQ(description(), "Exited too quickly (process log may have details)");
  EXPECT_EQ(info("x", "exitstatus"), 0);
}

TEST_F(ProcessInfo, AProgramThatWasNeverCreatedStoppedInTheEpoch) {
  host.activate(group("y", {{.name = "y", .start_retries = 5, .autostart = false}}));
  host.world.unspawnable = {"y"};
  host.world.start("y");
  EXPECT_EQ(description("y"), "can't find command");
  host.world.stop("y");
  EXPECT_EQ(description("y"), "Jan 01 12:00 AM");
  EXPECT_EQ(info("y", "spawnerr"), "can't find command");
}

TEST_F(ProcessInfo, AnUnexpectedExitLeavesItsCode) {
  host.activate(
      group("y", {{.name = "y", .autorestart = config::AutoRestart::never, .autostart = false}}));
  host.world.start("y");
  host.world.pass(seconds{1});
  host.world.exits("y", 3);
  EXPECT_EQ(info("y", "spawnerr"), "Bad exit code 3");
  EXPECT_EQ(info("y", "exitstatus"), 3);
  EXPECT_EQ(info("y", "pid"), 0);
}

TEST_F(ProcessInfo, AClockThatWasSetBackDoesNotMakeNegativeUptimes) {
  host.world.start("x");
  host.world.pass(seconds{5});
  host.clock_at("1999-01-01 00:00:00");
  EXPECT_EQ(description(), "pid 101, uptime 0:00:00");
}

TEST_F(ProcessInfo, NeedsOneProcess) {
  EXPECT_EQ(call("getProcessInfo", {"x:*"}), fault(10, "BAD_NAME: x:*"));
  EXPECT_EQ(call("getProcessInfo", {"y"}), fault(10, "BAD_NAME: y"));
}

TEST_F(ProcessInfo, OfAllIsSortedByGroupAndName) {
  host.activate(
      group("b", {{.name = "2", .autostart = false}, {.name = "10", .autostart = false}}, 1));
  host.activate(group("B", {{.name = "z", .autostart = false}}));
  const XmlRpcReply reply = call("getAllProcessInfo");
  std::vector<std::string> names;
  for (const XmlRpcValue& entry : *reply->get_if<XmlRpcArray>()) {
    names.push_back(*entry.member("group")->get_if<std::string>() + ":" +
                    *entry.member("name")->get_if<std::string>());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"B:z", "b:10", "b:2", "x:x"}));
}

TEST_F(ProcessInfo, OfNoProcessesIsAnEmptyList) {
  ASSERT_TRUE(host.remove_group("x"));
  EXPECT_EQ(call("getAllProcessInfo"), list({}));
}

}  // namespace
}  // namespace sv::rpc
