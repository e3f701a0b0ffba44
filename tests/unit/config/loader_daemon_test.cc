#include <gtest/gtest.h>

#include <functional>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

class LoaderDaemon : public ::testing::Test {
 protected:
  DaemonConfig daemon(const std::string& lines) {
    return world_.load("[supervisord]\n" + lines + "\n").daemon;
  }
  std::string errors(const std::string& lines) {
    return world_.errors("[supervisord]\n" + lines + "\n");
  }
  DaemonConfig defaults() {
    DaemonConfig expected;
    expected.log.path = world_.dir / "supervisord.log";
    expected.pidfile = world_.dir / "supervisord.pid";
    expected.child_log_dir = "/tmp";
    return expected;
  }

  test::ConfigWorld world_;
};

TEST_F(LoaderDaemon, TakesTheDocumentedDefaults) {
  EXPECT_EQ(daemon(""), defaults());
}

TEST_F(LoaderDaemon, ReadsEveryKey) {
  struct Row {
    std::string line;
    std::function<void(DaemonConfig&)> effect;
  };
  const std::vector<Row> rows{
      {"logfile=/tmp/../tmp//x.log", [](auto& d) { d.log.path = "/tmp/x.log"; }},
      {"logfile=x.log", [this](auto& d) { d.log.path = world_.dir / "x.log"; }},
      {"logfile=SYSLOG", [this](auto& d) { d.log.path = world_.dir / "SYSLOG"; }},
      {"logfile=syslog",
       [](auto& d) {
         d.log.path = "syslog";
         d.log.syslog = true;
       }},
      {"logfile_maxbytes=1MB", [](auto& d) { d.log.max_bytes = 1048576; }},
      {"logfile_maxbytes=-1", [](auto& d) { d.log.max_bytes = 0; }},
      {"logfile_backups=-1", [](auto& d) { d.log.backups = -1; }},
      {"loglevel=BLATHER", [](auto& d) { d.log.level = Level::blather; }},
      {"pidfile=%(here)s/p", [this](auto& d) { d.pidfile = world_.dir / "p"; }},
      {"umask=077", [](auto& d) { d.umask = 077; }},
      {"nodaemon=true", [](auto& d) { d.nodaemon = true; }},
      {"silent=yes", [](auto& d) { d.silent = true; }},
      {"minfds=-5", [](auto& d) { d.min_fds = 0; }},
      {"minfds=2_048", [](auto& d) { d.min_fds = 2048; }},
      {"minprocs=7", [](auto& d) { d.min_procs = 7; }},
      {"nocleanup=1", [](auto& d) { d.nocleanup = true; }},
      {"childlogdir=.", [this](auto& d) { d.child_log_dir = world_.dir.path().string(); }},
      {"user=app",
       [](auto& d) {
         d.user = UserRef{"app", 1000};
       }},
      {"directory=/tmp", [](auto& d) { d.directory = "/tmp"; }},
      {"strip_ansi=on", [](auto& d) { d.strip_ansi = true; }},
      {"environment=A=\"%(host_node_name)s\"",
       [](auto& d) {
         d.environment = {{"A", "node"}};
       }},
      {"environment=A=\"50%%\"",
       [](auto& d) {
         d.environment = {{"A", "50%"}};
       }},
      {"identifier=", [](auto& d) { d.identifier = ""; }},
      {"identifier=%(ENV_X)s", [](auto& d) { d.identifier = "from-os"; }},
      {"profile_options=x", [](auto&) {}},
  };
  for (const Row& row : rows) {
    DaemonConfig expected = defaults();
    row.effect(expected);
    EXPECT_EQ(daemon(row.line), expected) << row.line;
  }
}

TEST_F(LoaderDaemon, RefusesBadValuesInTheReferencesWords) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"logfile=/no/x", "The directory named as part of the path /no/x does not exist"},
      {"logfile_maxbytes=10B", "invalid literal for int() with base 10: '10b'"},
      {"logfile_backups=x", "invalid literal for int() with base 10: 'x'"},
      {"loglevel=warning", "bad logging level name 'warning'"},
      {"pidfile=/no/x", "The directory named as part of the path /no/x does not exist"},
      {"umask=9", "9 can not be converted to an octal type"},
      {"nodaemon=", "not a valid boolean value: ''"},
      {"silent=x", "not a valid boolean value: 'x'"},
      {"minfds=x", "invalid literal for int() with base 10: 'x'"},
      {"minprocs=1e3", "invalid literal for int() with base 10: '1e3'"},
      {"nocleanup=x", "not a valid boolean value: 'x'"},
      {"childlogdir=", " is not an existing directory"},
      {"childlogdir=/no", "/no is not an existing directory"},
      {"user=nosuch", "Invalid user name nosuch"},
      {"user=4711", "Invalid user id 4711"},
      {"directory=~/none", "~/none is not an existing directory"},
      {"strip_ansi=x", "not a valid boolean value: 'x'"},
      {"environment=A", "Unexpected end of key/value pairs in value 'A'"},
      {"logfile=", "cannot log to a file without a name: give a path or 'syslog'"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(errors(lines), message) << lines;
  }
}

TEST_F(LoaderDaemon, LimitsTheNamesOfExpansions) {
  const std::string tail =
      "contains names ('host_node_name') which cannot be expanded. Available names: ENV_HOME, "
      "ENV_X, here";
  EXPECT_EQ(errors("identifier=%(host_node_name)s"),
            "Format string '%(host_node_name)s' for 'supervisord.identifier' " + tail);
  EXPECT_EQ(errors("environment=A=\"%(nope)s\""),
            "Format string 'A=\"%(nope)s\"' for 'environment' contains names ('nope') which cannot "
            "be expanded. Available names: ENV_HOME, ENV_X, here, host_node_name");
  EXPECT_NE(errors("environment=A=\"1\"\nidentifier=%(ENV_A)s"), "");
}

TEST_F(LoaderDaemon, ErrorsComeInTheReferencesOrder) {
  EXPECT_EQ(errors("environment=E\nstrip_ansi=S\nnocleanup=N\nchildlogdir=/C\nsilent=I\n"
                   "nodaemon=D\npidfile=/P/p\nloglevel=L\nlogfile_backups=B\nlogfile_maxbytes=M\n"
                   "logfile=/F/f\numask=U\nuser=W\ndirectory=/Y\nminprocs=R\nminfds=A"),
            "invalid literal for int() with base 10: 'A'\n"
            "invalid literal for int() with base 10: 'R'\n"
            "/Y is not an existing directory\n"
            "U can not be converted to an octal type\n"
            "The directory named as part of the path /F/f does not exist\n"
            "invalid literal for int() with base 10: 'm'\n"
            "invalid literal for int() with base 10: 'B'\n"
            "bad logging level name 'L'\n"
            "The directory named as part of the path /P/p does not exist\n"
            "not a valid boolean value: 'D'\n"
            "not a valid boolean value: 'I'\n"
            "/C is not an existing directory\n"
            "not a valid boolean value: 'N'\n"
            "not a valid boolean value: 'S'\n"
            "Unexpected end of key/value pairs in value 'E'\n"
            "Invalid user name W");
}

TEST_F(LoaderDaemon, TheCommandLineWins) {
  DaemonOverrides& given = world_.context.overrides;
  given.user = "app";
  given.umask = 077;
  given.directory = "/tmp";
  given.logfile = "cmd.log";
  given.logfile_maxbytes = -1;
  given.logfile_backups = 3;
  given.loglevel = Level::debug;
  given.pidfile = "cmd.pid";
  given.identifier = "cmd";
  given.childlogdir = "/var";
  given.minfds = 5;
  given.minprocs = 6;
  given.nodaemon = true;
  DaemonConfig expected = defaults();
  expected.user = UserRef{"app", 1000};
  expected.umask = 077;
  expected.directory = "/tmp";
  expected.log = {world_.dir / "cmd.log", false, 0, 3, Level::debug};
  expected.pidfile = world_.dir / "cmd.pid";
  expected.identifier = "cmd";
  expected.child_log_dir = "/var";
  expected.min_fds = 5;
  expected.min_procs = 6;
  expected.nodaemon = true;
  EXPECT_EQ(daemon("user=nosuch\nlogfile=\nloglevel=info\nnodaemon=false\nminfds=99"), expected);
}

TEST_F(LoaderDaemon, FlagsOfTheCommandLineOnlySwitchOn) {
  EXPECT_TRUE(daemon("nodaemon=true\nsilent=true\nstrip_ansi=true\nnocleanup=true").strip_ansi);
  world_.context.overrides.strip_ansi = true;
  EXPECT_TRUE(daemon("strip_ansi=false").strip_ansi);
}

TEST_F(LoaderDaemon, TheFileIsValidatedEvenWhereTheCommandLineWins) {
  world_.context.overrides.loglevel = Level::debug;
  world_.context.overrides.minfds = 5;
  EXPECT_EQ(errors("loglevel=x\nminfds=y"),
            "invalid literal for int() with base 10: 'y'\nbad logging level name 'x'");
  world_.context.overrides.user = "nosuch";
  EXPECT_EQ(errors(""), "Invalid user name nosuch");
}

TEST_F(LoaderDaemon, LogsToSyslogWhenTheCommandLineSaysSo) {
  world_.context.overrides.logfile = "syslog";
  EXPECT_TRUE(daemon("logfile=/tmp/x").log.syslog);
}

TEST_F(LoaderDaemon, NeedsItsSection) {
  EXPECT_EQ(world_.errors(""), ".ini file does not include supervisord section");
  EXPECT_EQ(world_.errors("[program:a]\n"),
            ".ini file does not include supervisord section\n"
            "program section program:a does not specify a command in section 'program:a' (file: "
            "'<D>/s.conf')");
}

TEST_F(LoaderDaemon, KnowsWhereItsFileIs) {
  const std::string file = world_.dir.write("x.conf", "[supervisord]\n");
  const auto config = load(file, world_.context);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->file, file);
  EXPECT_EQ(config->here, world_.dir.path().string());
}

TEST_F(LoaderDaemon, ReadsTheNotifiersDirectory) {
  const auto output = [this](const std::string& lines) {
    return world_.load("[supervisord]\n[navi]\n" + lines + "\n").navi.output;
  };
  EXPECT_EQ(output("output=/mnt/notifications/"), "/mnt/notifications");
  EXPECT_EQ(output("output=%(here)s/n"), world_.dir / "n");
  EXPECT_EQ(output("output="), std::nullopt);
  EXPECT_EQ(output(""), std::nullopt);
  EXPECT_EQ(world_.load("[supervisord]\n").navi.output, std::nullopt);
  EXPECT_EQ(world_.errors("[supervisord]\n[navi]\noutput=%(nope)s\n").substr(0, 42),
            "Format string '%(nope)s' for 'navi.output'");
}

TEST_F(LoaderDaemon, ReadsThePressureWithItsSignAsItStands) {
  const auto pressure = [this](const std::string& value) {
    return world_.load("[supervisord]\n[navi]\npressure=" + value + "\n").navi.pressure;
  };
  using std::chrono::milliseconds;
  const PressureThreshold some{false, milliseconds{300}, milliseconds{2000}};
  EXPECT_EQ(pressure("some 15%"), some);
  EXPECT_EQ(pressure("some 15%%"), some);  // as values are written that are expanded
  EXPECT_EQ(pressure("full 5% ; of two seconds"),
            (PressureThreshold{true, milliseconds{100}, milliseconds{2000}}));
  EXPECT_EQ(pressure(""), std::nullopt);
  const auto errors = [this](const std::string& value) {
    return world_.errors("[supervisord]\n[navi]\npressure=" + value + "\n");
  };
  for (const std::string value : {"15%", "some 0%", "some 101%", "some 15", "all 15%"}) {
    EXPECT_EQ(errors(value), "'" + value + "' is not like 'some 15%' or 'full 5%'");
  }
  EXPECT_EQ(errors("%(nope)s 15%").substr(0, 46), "Format string '%(nope)s 15%%' for 'navi.pressu");
}

TEST_F(LoaderDaemon, AcceptsOnlyTheBuiltInRpcInterface) {
  const std::string factory = "supervisor.rpcinterface_factory";
  const std::string main = "supervisor.rpcinterface:make_main_rpcinterface";
  EXPECT_EQ(
      world_
          .load("[supervisord]\n[rpcinterface:supervisor]\n" + factory + "=" + main +
                "\nretries=1\n[rpcinterface:b]\n" + factory + "=" + main + "\n[rpcinterface]\n")
          .rpc_interfaces,
      (std::vector<std::string>{"supervisor", "b"}));
  const std::vector<std::pair<std::string, std::string>> rows{
      {"", "section [rpcinterface:x] does not specify a supervisor.rpcinterface_factory"},
      {factory + "=my:f",
       "my:f cannot be resolved within [rpcinterface:x]: only " + main + " is built in"},
      {factory + "=" + main + "\na=%(here)s",
       "Format string '%(here)s' for 'rpcinterface:x.a' contains names ('here') which cannot be "
       "expanded. Available names: ENV_HOME, ENV_X"},
      {factory + "=" + main + "\n[DEFAULT]\na=%(q)s",
       "Format string '%(q)s' for 'rpcinterface:x.a' contains names ('q') which cannot be "
       "expanded. Available names: ENV_HOME, ENV_X"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(world_.errors("[supervisord]\n[rpcinterface:x]\n" + lines + "\n"), message) << lines;
  }
}

}  // namespace
}  // namespace sv::config
