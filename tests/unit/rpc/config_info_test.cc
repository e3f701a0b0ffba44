#include "rpc/config_info.h"

#include <gtest/gtest.h>

#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

using config::AutoRestart;
using config::LogKind;

class ConfigInfo : public RpcTest {
 protected:
  /// The configuration of the only process there is.
  [[nodiscard]] XmlRpcValue only() {
    const XmlRpcReply reply = call("getAllConfigInfo");
    const auto* all = reply->get_if<XmlRpcArray>();
    EXPECT_EQ(all->size(), 1U);
    return all->front();
  }
  [[nodiscard]] config::ProcessConfig& configured() { return host.latest.groups[0].processes[0]; }
};

TEST_F(ConfigInfo, HasItsMembersInWireOrder) {
  host.activate(group("g", {{.name = "x", .autostart = false}}));
  const XmlRpcStruct expected{{"autostart", false},
                              {"autorestart", "unexpected"},
                              {"directory", "none"},
                              {"uid", "none"},
                              {"command", "/bin/x"},
                              {"exitcodes", XmlRpcArray{XmlRpcValue(0)}},
                              {"group", "g"},
                              {"group_prio", 999},
                              {"inuse", true},
                              {"killasgroup", false},
                              {"name", "x"},
                              {"process_prio", 999},
                              {"redirect_stderr", false},
                              {"startretries", 3},
                              {"startsecs", 1},
                              {"stdout_capture_maxbytes", 0},
                              {"stdout_events_enabled", false},
                              {"stdout_logfile", "auto"},
                              {"stdout_logfile_backups", 10},
                              {"stdout_logfile_maxbytes", 52428800},
                              {"stdout_syslog", false},
                              {"stopsignal", 15},
                              {"stopwaitsecs", 10},
                              {"stderr_capture_maxbytes", 0},
                              {"stderr_events_enabled", false},
                              {"stderr_logfile", "auto"},
                              {"stderr_logfile_backups", 10},
                              {"stderr_logfile_maxbytes", 52428800},
                              {"stderr_syslog", false},
                              {"serverurl", "none"}};
  EXPECT_EQ(only(), XmlRpcValue(expected));
}

TEST_F(ConfigInfo, AutorestartIsABooleanOrUnexpected) {
  host.activate(group("x", {{.name = "x"}}));
  configured().autorestart = AutoRestart::always;
  EXPECT_EQ(*only().member("autorestart"), XmlRpcValue(true));
  configured().autorestart = AutoRestart::never;
  EXPECT_EQ(*only().member("autorestart"), XmlRpcValue(false));
}

TEST_F(ConfigInfo, OptionalSettingsAreShownWhenSet) {
  host.activate(group("x", {{.name = "x"}}));
  configured().directory = "/srv";
  configured().user = config::UserRef{"www", 33};
  configured().server_url = "unix:///s";
  configured().exit_codes = {0, 2};
  EXPECT_EQ(*only().member("directory"), "/srv");
  EXPECT_EQ(*only().member("uid"), 33);
  EXPECT_EQ(*only().member("serverurl"), "unix:///s");
  EXPECT_EQ(*only().member("exitcodes"), (XmlRpcArray{0, 2}));
}

TEST_F(ConfigInfo, LogsAreAPathNoneOrAuto) {
  host.activate(group("x", {{.name = "x", .autostart = false}}));
  configured().stderr_log.kind = LogKind::none;
  EXPECT_EQ(*only().member("stdout_logfile"), "auto");
  EXPECT_EQ(*only().member("stderr_logfile"), "none");
  host.stdout_logs = {{"x", "/tmp/x-stdout---supervisor-abc.log"}};
  EXPECT_EQ(*only().member("stdout_logfile"), "/tmp/x-stdout---supervisor-abc.log");
  configured().stdout_log = {.path = "new.log", .kind = LogKind::file};
  EXPECT_EQ(*only().member("stdout_logfile"), "new.log");
}

TEST_F(ConfigInfo, ALogThatIsToBecomeAutomaticIsAuto) {
  auto before = std::make_shared<config::GroupConfig>(*group("x", {{.name = "x"}}));
  before->processes[0].stdout_log = {.path = "old.log", .kind = LogKind::file};
  host.activate(before);
  host.stdout_logs = {{"x", "old.log"}};
  configured().stdout_log.kind = LogKind::automatic;
  EXPECT_EQ(*only().member("stdout_logfile"), "auto");
}

TEST_F(ConfigInfo, ShowsTheLatestConfigurationNotTheActiveGroups) {
  host.activate(group("gone", {{.name = "gone"}}));
  host.latest.groups.clear();
  host.latest.groups.push_back(*group("new", {{.name = "new"}}));
  EXPECT_EQ(*only().member("name"), "new");
  EXPECT_EQ(*only().member("inuse"), XmlRpcValue(false));
}

TEST_F(ConfigInfo, IsSortedByProcessNameAlone) {
  host.activate(group("z", {{.name = "a"}, {.name = "c"}}));
  host.activate(group("y", {{.name = "b"}, {.name = "a"}}));
  const XmlRpcReply reply = call("getAllConfigInfo");
  std::vector<std::string> names;
  for (const XmlRpcValue& entry : *reply->get_if<XmlRpcArray>()) {
    names.push_back(*entry.member("group")->get_if<std::string>() +
                    *entry.member("name")->get_if<std::string>());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"za", "ya", "yb", "zc"}));
}

TEST_F(ConfigInfo, HugeSizesAreWrittenClamped) {
  host.activate(group("x", {{.name = "x"}}));
  configured().stdout_log.max_bytes = 4ULL << 30;
  EXPECT_NE(wire::write_reply(call("getAllConfigInfo")).find("<int>2147483647</int>"),
            std::string::npos);
}

}  // namespace
}  // namespace sv::rpc
