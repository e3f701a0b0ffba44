#include <gtest/gtest.h>

#include <csignal>
#include <functional>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

constexpr const char* kSuffix = " in section 'program:cat' (file: '<D>/s.conf')";

class LoaderProgram : public ::testing::Test {
 protected:
  static std::string file_with(const std::string& lines) {
    return "[supervisord]\n[program:cat]\ncommand=x\n" + lines + "\n";
  }
  ProcessConfig process(const std::string& lines) {
    return world_.load(file_with(lines)).groups.at(0).processes.at(0);
  }
  std::string errors(const std::string& lines) { return world_.errors(file_with(lines)); }
  std::vector<std::string> warnings(const std::string& lines) {
    return world_.load(file_with(lines)).warnings;
  }

  test::ConfigWorld world_;
};

TEST_F(LoaderProgram, TakesTheDocumentedDefaults) {
  ProcessConfig expected;
  expected.name = "cat";
  expected.program = "cat";
  expected.command = "x";
  EXPECT_EQ(process(""), expected);
}

struct GoodRow {
  std::string line;
  std::function<void(ProcessConfig&)> effect;
};

TEST_F(LoaderProgram, ReadsEveryKey) {
  using std::chrono::seconds;
  const std::vector<GoodRow> rows{
      {"priority=-7", [](auto& p) { p.priority = -7; }},
      {"priority=99999999999", [](auto& p) { p.priority = 2147483647; }},
      {"autostart=no", [](auto& p) { p.autostart = false; }},
      {"on_exit=shutdown", [](auto& p) { p.on_exit = OnExit::shutdown; }},
      {"on_exit=Ignore", [](auto& p) { p.on_exit = OnExit::ignore; }},
      {"on_fatal=shutdown", [](auto& p) { p.on_fatal = OnFatal::shutdown; }},
      {"autorestart=TRUE", [](auto& p) { p.autorestart = AutoRestart::always; }},
      {"autorestart=0", [](auto& p) { p.autorestart = AutoRestart::never; }},
      {"autorestart=Unexpected", [](auto& p) { p.autorestart = AutoRestart::unexpected; }},
      {"startsecs=0", [](auto& p) { p.start_secs = seconds(0); }},
      {"startsecs=-1", [](auto& p) { p.start_secs = seconds(-1); }},
      {"startsecs=999999999999", [](auto& p) { p.start_secs = seconds(1'000'000'000); }},
      {"startretries=007", [](auto& p) { p.start_retries = 7; }},
      {"stopsignal=SIGusr1", [](auto& p) { p.stop_signal = SIGUSR1; }},
      {"stopsignal=0", [](auto& p) { p.stop_signal = 0; }},
      {"stopwaitsecs=1_000", [](auto& p) { p.stop_wait = seconds(1000); }},
      {"killasgroup=true",
       [](auto& p) {
         p.kill_as_group = true;
         p.stop_tree = true;
       }},
      {"stop_tree=yes", [](auto& p) { p.stop_tree = true; }},
      {"stopasgroup=true\nstop_tree=false",
       [](auto& p) {
         p.stop_as_group = true;
         p.kill_as_group = true;
       }},
      {"stopasgroup=true",
       [](auto& p) {
         p.stop_as_group = true;
         p.kill_as_group = true;
         p.stop_tree = true;
       }},
      {"forward_signals=USR1, hup ,SIGWINCH,RTMIN",
       [](auto& p) {
         for (const int signal : {SIGUSR1, SIGHUP, SIGWINCH, 34}) {
           p.forward_signals.add(signal);
         }
       }},
      {"forward_signals=", [](auto&) {}},
      {"exitcodes=0, 2 ,255",
       [](auto& p) {
         p.exit_codes = {0, 2, 255};
       }},
      {"exitcodes=", [](auto& p) { p.exit_codes.clear(); }},
      {"redirect_stderr=on",
       [](auto& p) {
         p.redirect_stderr = true;
         p.stderr_log.kind = LogKind::none;
       }},
      {"process_name=p", [](auto& p) { p.name = "p"; }},
      {"process_name=", [](auto& p) { p.name = ""; }},
      {"process_name=%(process_num)02d_%(program_name)s", [](auto& p) { p.name = "00_cat"; }},
      {"numprocs_start=3\nprocess_name=%(process_num)d", [](auto& p) { p.name = "3"; }},
      {"directory=", [](auto& p) { p.directory = ""; }},
      {"directory=~/x", [](auto& p) { p.directory = "~/x"; }},
      {"umask=0o27", [](auto& p) { p.umask = 027; }},
      {"user=app",
       [](auto& p) {
         p.user = UserRef{"app", 1000};
       }},
      {"user=1_000",
       [](auto& p) {
         p.user = UserRef{"1_000", 1000};
       }},
      {"serverurl=http://x", [](auto& p) { p.server_url = "http://x"; }},
      {"serverurl=", [](auto& p) { p.server_url = ""; }},
      {"serverurl= aUto ", [](auto& p) { p.server_url.reset(); }},
      {"environment=B=\"2\",A='1'",
       [](auto& p) {
         p.environment = {{"B", "2"}, {"A", "1"}};
       }},
      {"environment=", [](auto& p) { p.environment.clear(); }},
      {"stdout_logfile_maxbytes=2kb", [](auto& p) { p.stdout_log.max_bytes = 2048; }},
      {"stdout_logfile_backups=-1", [](auto& p) { p.stdout_log.backups = -1; }},
      {"stdout_capture_maxbytes=1MB", [](auto& p) { p.stdout_log.capture_max_bytes = 1048576; }},
      {"stdout_capture_maxbytes=-1", [](auto& p) { p.stdout_log.capture_max_bytes = 1; }},
      {"stdout_events_enabled=1", [](auto& p) { p.stdout_log.events_enabled = true; }},
      {"stdout_syslog=1", [](auto& p) { p.stdout_log.syslog = true; }},
      {"stderr_logfile_maxbytes=1GB", [](auto& p) { p.stderr_log.max_bytes = 1073741824; }},
      {"stderr_logfile_backups=0", [](auto& p) { p.stderr_log.backups = 0; }},
      {"stderr_capture_maxbytes=5", [](auto& p) { p.stderr_log.capture_max_bytes = 5; }},
      {"stderr_events_enabled=yes", [](auto& p) { p.stderr_log.events_enabled = true; }},
      {"stderr_syslog=yes", [](auto& p) { p.stderr_log.syslog = true; }},
  };
  for (const GoodRow& row : rows) {
    ProcessConfig expected;
    expected.name = "cat";
    expected.program = "cat";
    expected.command = "x";
    row.effect(expected);
    EXPECT_EQ(process(row.line), expected) << row.line;
  }
}

TEST_F(LoaderProgram, RefusesBadValuesInTheReferencesWords) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"autostart=y", "not a valid boolean value: 'y'"},
      {"on_exit=exit", "'exit' is not one of restart, ignore, shutdown"},
      {"on_fatal=restart", "'restart' is not one of ignore, shutdown"},
      {"autorestart=Sometimes", "invalid 'autorestart' value 'sometimes'"},
      {"startsecs=1.5", "invalid literal for int() with base 10: '1.5'"},
      {"startretries=", "invalid literal for int() with base 10: ''"},
      {"stopsignal=NOPE", "value 'NOPE' is not a valid signal name"},
      {"stopsignal=99", "value '99' is not a valid signal number"},
      {"stopwaitsecs=x", "invalid literal for int() with base 10: 'x'"},
      {"stopasgroup=2", "not a valid boolean value: '2'"},
      {"killasgroup=", "not a valid boolean value: ''"},
      {"stopasgroup=1\nkillasgroup=0", "Cannot set stopasgroup=true and killasgroup=false"},
      {"forward_signals=USR1 USR2", "value 'USR1 USR2' is not a valid signal name"},
      {"forward_signals=TERM",
       "SIGTERM cannot be passed on; HUP, USR1, USR2, ALRM, WINCH, PWR, URG, IO, CONT, TSTP, TTIN, "
       "TTOU, VTALRM, PROF, RTMIN and RTMAX can"},
      {"exitcodes=0,256", "not a valid list of exit codes: '0,256'"},
      {"redirect_stderr=x", "not a valid boolean value: 'x'"},
      {"numprocs=x", "invalid literal for int() with base 10: 'x'"},
      {"numprocs=2", "%(process_num) must be present within process_name when numprocs > 1"},
      {"numprocs_start=x", "invalid literal for int() with base 10: 'x'"},
      {"process_name=a b", "Invalid name: 'a b' because of character: ' '"},
      {"process_name=a:b/c", "Invalid name: 'a:b/c' because of character: ':'"},
      {"process_name=a/b", "Invalid name: 'a/b' because of character: '/'"},
      {"umask=8", "8 can not be converted to an octal type"},
      {"user=nosuch", "Invalid user name nosuch"},
      {"user=4711", "Invalid user id 4711"},
      {"user=root:root", "Invalid user name root:root"},
      {"environment=A", "Unexpected end of key/value pairs in value 'A'"},
      {"environment=A=\"1", "No closing quotation"},
      {"stdout_logfile=/no/x.log",
       "The directory named as part of the path /no/x.log does not exist"},
      {"stdout_logfile_maxbytes=1k", "invalid literal for int() with base 10: '1k'"},
      {"stdout_logfile_backups=x", "invalid literal for int() with base 10: 'x'"},
      {"stdout_capture_maxbytes=1.5MB", "invalid literal for int() with base 10: '1.5'"},
      {"stdout_events_enabled=x", "not a valid boolean value: 'x'"},
      {"stdout_syslog=x", "not a valid boolean value: 'x'"},
      {"redirect_stderr=true\nstderr_logfile=/no/x",
       "The directory named as part of the path /no/x does not exist"},
      {"stderr_logfile_maxbytes=KB", "invalid literal for int() with base 10: ''"},
      {"stderr_logfile_backups=x", "invalid literal for int() with base 10: 'x'"},
      {"stderr_capture_maxbytes=x", "invalid literal for int() with base 10: 'x'"},
      {"stderr_events_enabled=x", "not a valid boolean value: 'x'"},
      {"stderr_syslog=x", "not a valid boolean value: 'x'"},
      {"numprocs=10001\nprocess_name=%(process_num)d",
       "cannot run more than 10000 processes in all"},
      {"numprocs_start=9223372036854775807", "cannot use '9223372036854775807': too large"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(errors(lines), message + kSuffix) << lines;
  }
}

TEST_F(LoaderProgram, PriorityIsReadOutsideOfTheBodyFirst) {
  EXPECT_EQ(errors("priority=x"), "invalid literal for int() with base 10: 'x'");
  EXPECT_EQ(errors("priority=%(program_name)s"),
            "Format string '%(program_name)s' for 'program:cat.priority' contains names "
            "('program_name') which cannot be expanded. Available names: ENV_HOME, ENV_X, here");
}

TEST_F(LoaderProgram, NeedsACommandUnlessThereAreNoProcesses) {
  EXPECT_EQ(world_.errors("[supervisord]\n[program:cat]\n"),
            std::string("program section program:cat does not specify a command") + kSuffix);
  EXPECT_TRUE(
      world_.load("[supervisord]\n[program:cat]\nnumprocs=0\n").groups[0].processes.empty());
  EXPECT_TRUE(
      world_.load("[supervisord]\n[program:cat]\nnumprocs=-1\n").groups[0].processes.empty());
  EXPECT_EQ(world_.load("[supervisord]\n[program:cat]\ncommand=\n").groups[0].processes[0].command,
            "");
}

TEST_F(LoaderProgram, NumbersItsProcessesAndSortsThemByName) {
  const Config config = world_.load(
      file_with("numprocs=12\nnumprocs_start=-1\nprocess_name=%(program_name)s_%(process_num)d\n"
                "command=%(process_num)d of %(numprocs)d"));
  std::string names;
  for (const ProcessConfig& process : config.groups[0].processes) {
    names += process.name + " ";
  }
  EXPECT_EQ(names, "cat_-1 cat_0 cat_1 cat_10 cat_2 cat_3 cat_4 cat_5 cat_6 cat_7 cat_8 cat_9 ");
  EXPECT_EQ(config.groups[0].processes[3].command, "10 of 12");
}

TEST_F(LoaderProgram, ComplainsOnceAboutALineOfManyProcesses) {
  EXPECT_EQ(errors("numprocs=50\nprocess_name=%(process_num)d\ndirectory=%(nope)s\n"
                   "stdout_syslog=x"),
            "Format string '%(nope)s' for 'program:cat.directory' contains names ('nope') which "
            "cannot be expanded. Available names: ENV_HOME, ENV_X, group_name, here, "
            "host_node_name, numprocs, process_num, program_name" +
                std::string(kSuffix) + "\nnot a valid boolean value: 'x'" + kSuffix);
}

TEST_F(LoaderProgram, TheNumberOfAllProcessesIsLimited) {
  const std::string many = "numprocs=4000\nprocess_name=%(process_num)d\ncommand=x\n";
  const std::string text = "[supervisord]\n[program:a]\n" + many + "[program:b]\n" + many;
  EXPECT_EQ(world_.errors(text), "");
  EXPECT_EQ(world_.errors(text + "[group:g]\nprograms=a,b,a\n"),
            "cannot run more than 10000 processes in all in section 'program:a' (file: "
            "'<D>/s.conf')");
}

TEST_F(LoaderProgram, ExpansionMayBringAnyCharacterIntoAProcessName) {
  EXPECT_EQ(world_.relative(process("process_name=%(here)s").name), "<D>");
}

TEST_F(LoaderProgram, ItsEnvironmentReachesThePerProcessKeysOnly) {
  const ProcessConfig p = process(
      "environment=A=\"1\",X=\"mine\"\ncommand=%(ENV_A)s %(ENV_X)s\nprocess_name=p%(ENV_A)s\n"
      "directory=/%(ENV_A)s\nstdout_logfile=/tmp/%(ENV_A)s\nstderr_logfile_backups=%(ENV_A)s");
  EXPECT_EQ(p.command, "1 mine");
  EXPECT_EQ(p.name, "p1");
  EXPECT_EQ(p.directory, "/1");
  EXPECT_EQ(p.stdout_log.path, "/tmp/1");
  EXPECT_EQ(p.stderr_log.backups, 1);

  for (const char* line : {"umask=%(ENV_A)s", "startsecs=%(ENV_A)s", "user=%(ENV_A)s",
                           "stdout_capture_maxbytes=%(ENV_A)s"}) {
    EXPECT_NE(errors(std::string("environment=A=\"1\"\n") + line).find("('ENV_A')"),
              std::string::npos)
        << line;
  }
  EXPECT_NE(errors("environment=A=\"1\",B=\"%(ENV_A)s\"").find("for 'environment' contains"),
            std::string::npos);
  EXPECT_NE(errors("environment=A=\"1\"\n[program:b]\ncommand=%(ENV_A)s").find("('ENV_A')"),
            std::string::npos);
}

TEST_F(LoaderProgram, EnvironmentDoesNotAccumulateOverProcesses) {
  const Config config = world_.load(file_with(
      "numprocs=2\nprocess_name=%(process_num)d\nenvironment=X=\"%(process_num)d:%(ENV_X)s\"\n"
      "command=%(ENV_X)s"));
  EXPECT_EQ(config.groups[0].processes[0].command, "0:from-os");
  EXPECT_EQ(config.groups[0].processes[1].command, "1:from-os");
}

TEST_F(LoaderProgram, EnvironmentIsLaidOverThatOfTheDaemon) {
  const Config config = world_.load(
      "[supervisord]\nenvironment=A=\"1\",B=\"2\"\n[program:cat]\ncommand=%(ENV_B)s\n"
      "environment=C=\"%(ENV_A)s\",A=\"3\"\n");
  EXPECT_EQ(config.groups[0].processes[0].environment,
            (Environment{{"A", "3"}, {"B", "2"}, {"C", "1"}}));
  EXPECT_EQ(config.groups[0].processes[0].command, "2");
  EXPECT_EQ(config.daemon.environment, (Environment{{"A", "1"}, {"B", "2"}}));
}

TEST_F(LoaderProgram, UnderstandsLogTargets) {
  struct Row {
    std::string value;
    LogKind kind;
    std::string path;
  };
  const std::vector<Row> rows{
      {"AUTO", LogKind::automatic, ""},
      {"auto", LogKind::automatic, ""},
      {"None", LogKind::none, ""},
      {"OFF", LogKind::none, ""},
      {"", LogKind::none, ""},
      {"rel.log", LogKind::file, "rel.log"},
      {"/dev/stdout", LogKind::file, "/dev/stdout"},
      {"/tmp", LogKind::file, "/tmp"},
      {"%(program_name)s.log", LogKind::file, "cat.log"},
      {"~nobody-here/x", LogKind::file, ""},
  };
  for (const Row& row : rows) {
    if (row.value.starts_with("~")) {
      EXPECT_NE(errors("stdout_logfile=" + row.value), "");
      continue;
    }
    const ProcessConfig p = process("stdout_logfile=" + row.value);
    EXPECT_EQ(p.stdout_log.kind, row.kind) << row.value;
    EXPECT_EQ(p.stdout_log.path, row.path) << row.value;
  }
}

TEST_F(LoaderProgram, ResolvesHomeDirectoriesInLogNames) {
  world_.context.environment["HOME"] = world_.dir.path().string() + "//";
  EXPECT_EQ(world_.relative(process("stdout_logfile=~/x.log").stdout_log.path), "<D>/x.log");
  EXPECT_EQ(
      errors("stdout_logfile=~app/logs/x"),
      std::string("The directory named as part of the path ~app/logs/x does not exist") + kSuffix);
}

TEST_F(LoaderProgram, LogDirectoriesAreRelativeToTheDaemons) {
  std::filesystem::create_directory(world_.dir.path() / "logs");
  EXPECT_EQ(process("stdout_logfile=logs/x").stdout_log.path, "logs/x");
  EXPECT_NE(errors("stdout_logfile=nologs/x"), "");
}

TEST_F(LoaderProgram, ExpandsLogNamesTwice) {
  EXPECT_EQ(process("stdout_logfile=/tmp/%%(program_name)s").stdout_log.path, "/tmp/cat");
  EXPECT_EQ(process("stdout_logfile=/tmp/100%%%%").stdout_log.path, "/tmp/100%");
  EXPECT_EQ(errors("stdout_logfile=50%%.log"),
            std::string("Format string '50%.log' for 'stdout_logfile' is badly formatted: %o "
                        "format: an integer is required, not dict") +
                kSuffix);
  world_.context.environment["PCT"] = "50%.log";
  EXPECT_NE(errors("stderr_logfile=%(ENV_PCT)s").find("for 'stderr_logfile' is badly formatted"),
            std::string::npos);
}

TEST_F(LoaderProgram, WarnsAboutDeprecatedSyslogNames) {
  const std::string lines = "stdout_logfile=SysLog";
  EXPECT_EQ(warnings(lines),
            (std::vector<std::string>{
                "For [program:cat], stdout_logfile=syslog but this is deprecated and will be "
                "removed.  Use stdout_syslog=true to enable syslog instead."}));
  const ProcessConfig p = process(lines);
  EXPECT_EQ(p.stdout_log.kind, LogKind::none);
  EXPECT_TRUE(p.stdout_log.syslog);
}

TEST_F(LoaderProgram, WarnsOncePerProcessAboutAutoLogsThatGrow) {
  const std::string warning =
      "For [program:cat], AUTO logging used for stdout_logfile without rollover, set maxbytes > 0 "
      "to avoid filling up filesystem unintentionally";
  EXPECT_EQ(warnings("stdout_logfile_maxbytes=0"), (std::vector<std::string>{warning}));
  EXPECT_EQ(warnings("stdout_logfile_maxbytes=0\nnumprocs=3\nprocess_name=%(process_num)d"),
            (std::vector<std::string>{warning, warning, warning}));
  EXPECT_EQ(warnings("redirect_stderr=true\nstderr_logfile_maxbytes=0").size(), 1U);
  EXPECT_EQ(process("stdout_logfile_maxbytes=-1").stdout_log.max_bytes, 0U);
}

TEST_F(LoaderProgram, WarnsWhenRedirectionMakesALogUseless) {
  const std::string warning =
      "For [program:cat], redirect_stderr=true but stderr_logfile has also been set to a filename, "
      "the filename has been ignored";
  for (const char* value : {"/tmp/x", ""}) {
    EXPECT_EQ(warnings(std::string("redirect_stderr=true\nstderr_logfile=") + value),
              (std::vector<std::string>{warning}));
  }
  for (const char* value : {"none", "auto"}) {
    EXPECT_TRUE(warnings(std::string("redirect_stderr=true\nstderr_logfile=") + value).empty());
  }
  const ProcessConfig p = process("redirect_stderr=true\nstderr_logfile=syslog");
  EXPECT_EQ(p.stderr_log.kind, LogKind::none);
  EXPECT_TRUE(p.stderr_log.syslog);
}

TEST_F(LoaderProgram, DoesNotTrimWhatAnExpansionBrings) {
  world_.context.environment["S"] = " 7 ";
  EXPECT_EQ(process("startsecs=%(ENV_S)s").start_secs, std::chrono::seconds(7));
  EXPECT_EQ(process("serverurl=%(ENV_S)s").server_url, " 7 ");
  EXPECT_EQ(errors("autostart=%(ENV_S)s"),
            std::string("not a valid boolean value: ' 7 '") + kSuffix);
}

TEST_F(LoaderProgram, TakesDefaultsFromTheDefaultSection) {
  const Config config = world_.load(
      "[DEFAULT]\nstartsecs=4\ncommand=%(program_name)s\n[supervisord]\n[program:a]\n"
      "[program:b]\nstartsecs=5\n");
  EXPECT_EQ(config.groups[0].processes[0].command, "a");
  EXPECT_EQ(config.groups[0].processes[0].start_secs, std::chrono::seconds(4));
  EXPECT_EQ(config.groups[1].processes[0].start_secs, std::chrono::seconds(5));
}

}  // namespace
}  // namespace sv::config
