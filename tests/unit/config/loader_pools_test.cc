#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

class LoaderPools : public ::testing::Test {
 protected:
  static std::string listener(const std::string& lines) {
    return "[supervisord]\n[eventlistener:l]\ncommand=x\n" + lines + "\n";
  }
  static std::string fcgi(const std::string& lines) {
    return "[supervisord]\n[fcgi-program:f]\ncommand=x\n" + lines + "\n";
  }
  EventPoolConfig pool(const std::string& lines) {
    return *world_.load(listener(lines)).groups.at(0).event_pool;
  }
  FcgiSocketConfig socket(const std::string& lines) {
    return *world_.load(fcgi(lines)).groups.at(0).fcgi_socket;
  }

  test::ConfigWorld world_;
};

TEST_F(LoaderPools, FoldsEventNames) {
  EXPECT_EQ(pool("events=tick_60, Process_State,TICK_60").events,
            (std::vector<std::string>{"PROCESS_STATE", "TICK_60"}));
  EXPECT_EQ(pool("events=EVENT").buffer_size, 10);
  EXPECT_EQ(pool("events=EVENT\nbuffer_size=1_0_0").buffer_size, 100);
}

TEST_F(LoaderPools, KnowsEveryEventName) {
  const std::string all =
      "EVENT,PROCESS_STATE,PROCESS_STATE_STOPPED,PROCESS_STATE_STARTING,PROCESS_STATE_RUNNING,"
      "PROCESS_STATE_BACKOFF,PROCESS_STATE_STOPPING,PROCESS_STATE_EXITED,PROCESS_STATE_FATAL,"
      "PROCESS_STATE_UNKNOWN,PROCESS_COMMUNICATION,PROCESS_COMMUNICATION_STDOUT,"
      "PROCESS_COMMUNICATION_STDERR,PROCESS_LOG,PROCESS_LOG_STDOUT,PROCESS_LOG_STDERR,"
      "PROCESS_GROUP,PROCESS_GROUP_ADDED,PROCESS_GROUP_REMOVED,REMOTE_COMMUNICATION,"
      "SUPERVISOR_STATE_CHANGE,SUPERVISOR_STATE_CHANGE_RUNNING,SUPERVISOR_STATE_CHANGE_STOPPING,"
      "TICK,TICK_5,TICK_60,TICK_3600,PROCESS_CRASH,PROCESS_OOM";
  EXPECT_EQ(pool("events=" + all).events.size(), 29U);
}

TEST_F(LoaderPools, ReportsListenerKeysWithoutLocation) {
  const Rows rows{
      {"", "[eventlistener:l] section requires an \"events\" line"},
      {"events=", "[eventlistener:l] section requires an \"events\" line"},
      {"events=tick,", "Unknown event type  in [eventlistener:l] events"},
      {"events=nope", "Unknown event type NOPE in [eventlistener:l] events"},
      {"events=TICK\nbuffer_size=0", "[eventlistener:l] section sets invalid buffer_size (0)"},
      {"events=TICK\nbuffer_size=x", "invalid literal for int() with base 10: 'x'"},
      {"events=TICK\npriority=x", "invalid literal for int() with base 10: 'x'"},
      {"events=TICK\nredirect_stderr=true",
       "[eventlistener:l] section sets redirect_stderr=true but this is not allowed because it "
       "will interfere with the eventlistener protocol"},
      {"events=TICK\nresult_handler=my.module:f",
       "my.module:f cannot be resolved within [eventlistener:l]: only "
       "supervisor.dispatchers:default_handler is built in"},
      {"events=%(program_name)s",
       "Format string '%(program_name)s' for 'eventlistener:l.events' contains names "
       "('program_name') which cannot be expanded. Available names: ENV_HOME, ENV_X, here"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(world_.errors(listener(lines)), message) << lines;
  }
}

TEST_F(LoaderPools, ListenerErrorsComeInTheReferencesOrder) {
  EXPECT_EQ(world_.errors(listener("redirect_stderr=1\nevents=x\nresult_handler=y\nbuffer_size=0\n"
                                   "priority=p\nstartsecs=q")),
            "invalid literal for int() with base 10: 'p'\n"
            "[eventlistener:l] section sets invalid buffer_size (0)\n"
            "y cannot be resolved within [eventlistener:l]: only "
            "supervisor.dispatchers:default_handler is built in\n"
            "Unknown event type X in [eventlistener:l] events\n"
            "[eventlistener:l] section sets redirect_stderr=true but this is not allowed because "
            "it will interfere with the eventlistener protocol\n"
            "invalid literal for int() with base 10: 'q' in section 'eventlistener:l' (file: "
            "'<D>/s.conf')");
}

TEST_F(LoaderPools, ReadsSockets) {
  FcgiSocketConfig expected;
  expected.url = "unix:///run/f.sock";
  expected.address = "/run/f.sock";
  EXPECT_EQ(socket("socket=unix:///run/../run//%(program_name)s.sock"), expected);

  expected.mode = 0660;
  expected.backlog = 7;
  expected.owner = Ownership{1000, 33};
  EXPECT_EQ(socket("socket=unix:///run/f.sock\nsocket_mode=0660\nsocket_backlog=7\n"
                   "socket_owner=app:web"),
            expected);

  expected = {};
  expected.url = "tcp://localhost:9000";
  expected.address = std::pair<std::string, std::uint16_t>("localhost", 9000);
  EXPECT_EQ(socket("socket=tcp://LOCALHOST:9000"), expected);
  expected.url = "tcp://*:9000";
  expected.address = std::pair<std::string, std::uint16_t>("", 9000);
  EXPECT_EQ(socket("socket=tcp://*:9000"), expected);
}

TEST_F(LoaderPools, SocketsBelongToTheProgramsUser) {
  EXPECT_EQ(socket("socket=unix:///x\nuser=app").owner, (Ownership{1000, 1001}));
  EXPECT_EQ(socket("socket=unix:///x\nuser=root").owner, std::nullopt);
  EXPECT_EQ(socket("socket=unix:///x\nuser=app\nsocket_owner=root").owner,
            (Ownership{0, static_cast<gid_t>(-1)}));
  world_.context.effective_uid = 1000;
  EXPECT_EQ(socket("socket=unix:///x\nuser=app").owner, std::nullopt);
}

TEST_F(LoaderPools, ReportsSocketsInTheReferencesWords) {
  const std::string tail = " in [fcgi-program:f] socket";
  const std::string unix = "socket=unix:///x\n";
  const Rows rows{
      {"", "[fcgi-program:f] section requires a \"socket\" line"},
      {"socket=", "[fcgi-program:f] section requires a \"socket\" line"},
      {"socket=unix://x.sock", "('Unix socket path %s is not an absolute path', 'x.sock')" + tail},
      {"socket=tcp://:9000", "('Bad socket format %s', 'tcp://:9000')" + tail},
      {"socket=tcp://[::1]:9000", "('Bad socket format %s', 'tcp://[::1]:9000')" + tail},
      {"socket=tcp://h:x", "('Bad socket format %s', 'tcp://h:x')" + tail},
      {"socket=tcp://h:+1", "('Bad socket format %s', 'tcp://h:+1')" + tail},
      {"socket=udp://h:1", "('Bad socket format %s', 'udp://h:1')" + tail},
      {"socket=/tmp/x.sock", "('Bad socket format %s', '/tmp/x.sock')" + tail},
      {"socket=tcp://h:0", "0 is below lower bound (1)" + tail},
      {"socket=tcp://h:70000", "70000 is above upper bound (65535)" + tail},
      {"socket=tcp://1h:1",
       "cannot listen on host '1h': neither an address nor a name; '*' stands for all interfaces" +
           tail},
      {"socket=tcp://h:1\nsocket_mode=0700",
       "socket_owner and socket_mode params should only be used with a Unix domain socket" + tail},
      {unix + "socket_backlog=0", "Invalid socket_backlog value 0"},
      {unix + "socket_backlog=65536", "Invalid socket_backlog value 65536"},
      {unix + "socket_backlog=x", "invalid literal for int() with base 10: 'x'"},
      {unix + "socket_owner=nosuch", "Invalid socket_owner value nosuch"},
      {unix + "socket_owner=app:", "Invalid socket_owner value app:"},
      {unix + "socket_mode=8", "Invalid socket_mode value 8"},
      {unix + "user=nosuch", "Invalid user name nosuch"},
      {unix + "socket_mode=%(program_name)s",
       "Format string '%(program_name)s' for 'fcgi-program:f.socket_mode' contains names "
       "('program_name') which cannot be expanded. Available names: ENV_HOME, ENV_X, here"},
      {"socket=unix:///%(group_name)s",
       "Format string 'unix:///%(group_name)s' for 'fcgi-program:f.socket' contains names "
       "('group_name') which cannot be expanded. Available names: ENV_HOME, ENV_X, here, "
       "program_name"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(world_.errors(fcgi(lines)), message) << lines;
  }
}

TEST_F(LoaderPools, SocketErrorsComeInTheReferencesOrder) {
  EXPECT_EQ(world_.errors(fcgi("socket=x\nsocket_mode=8\nsocket_owner=nosuch\nsocket_backlog=0\n"
                               "user=nosuch\npriority=p")),
            "invalid literal for int() with base 10: 'p'\n"
            "Invalid user name nosuch\n"
            "Invalid socket_backlog value 0\n"
            "Invalid socket_owner value nosuch\n"
            "Invalid socket_mode value 8\n"
            "('Bad socket format %s', 'x') in [fcgi-program:f] socket");
}

}  // namespace
}  // namespace sv::config
