#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

/// Every error as a person reads it.
std::string report(test::ConfigWorld& world, const std::string& text) {
  const auto loaded = world.try_load(text);
  std::string out;
  if (!loaded) {
    for (const ConfigError& error : loaded.error()) {
      out += world.relative(format(error)) + "\n";
    }
  }
  return out;
}

TEST(LoaderErrors, AllAreReportedWithTheirPlace) {
  test::ConfigWorld world;
  EXPECT_EQ(
      report(world,
             "[supervisord]\n"
             "loglevel=loud\n"
             "[program:a]\n"
             "startsecs=x\n"
             "\n"
             "stopsignal=NOPE\n"
             "[inet_http_server]\n"
             "[program:b c]\n"
             "command=x\n"),
      "<D>/s.conf:2: [supervisord] loglevel: bad logging level name 'loud'\n"
      "<D>/s.conf:4: [program:a] startsecs: invalid literal for int() with base 10: 'x' in "
      "section 'program:a' (file: '<D>/s.conf')\n"
      "<D>/s.conf:6: [program:a] stopsignal: value 'NOPE' is not a valid signal name in "
      "section 'program:a' (file: '<D>/s.conf')\n"
      "<D>/s.conf:3: [program:a] command: program section program:a does not specify a "
      "command in section 'program:a' (file: '<D>/s.conf')\n"
      "<D>/s.conf:8: [program:b c] Invalid name: 'b c' because of character: ' '\n"
      "<D>/s.conf:7: [inet_http_server] port: section [inet_http_server] has no port value\n");
}

TEST(LoaderErrors, KindsOfSectionComeInTheReferencesOrder) {
  test::ConfigWorld world;
  EXPECT_EQ(world.errors("[unix_http_server]\n"
                         "[inet_http_server]\n"
                         "[fcgi-program:f]\ncommand=x\n"
                         "[eventlistener:e]\ncommand=x\n"
                         "[program:p]\n"
                         "[program:m]\n"
                         "[group:g]\nprograms=m\n"
                         "[rpcinterface:r]\n"
                         "[supervisord]\nuser=nosuch\nminfds=x\n"),
            "invalid literal for int() with base 10: 'x'\n"
            "section [rpcinterface:r] does not specify a supervisor.rpcinterface_factory\n"
            "program section program:m does not specify a command in section 'program:m' (file: "
            "'<D>/s.conf')\n"
            "program section program:p does not specify a command in section 'program:p' (file: "
            "'<D>/s.conf')\n"
            "[eventlistener:e] section requires an \"events\" line\n"
            "[fcgi-program:f] section requires a \"socket\" line\n"
            "section [inet_http_server] has no port value\n"
            "section [unix_http_server] has no file value\n"
            "Invalid user name nosuch");
}

TEST(LoaderErrors, KeysOfAProgramComeInTheReferencesOrder) {
  test::ConfigWorld world;
  std::string text = "[supervisord]\n[program:p]\n";
  // Written backwards; read forwards.
  for (const char* key : {"process_name",
                          "command",
                          "stderr_syslog",
                          "stderr_logfile_maxbytes",
                          "stderr_logfile_backups",
                          "stderr_logfile",
                          "stdout_syslog",
                          "stdout_logfile_maxbytes",
                          "stdout_logfile_backups",
                          "stdout_logfile",
                          "directory",
                          "environment",
                          "umask",
                          "user",
                          "serverurl",
                          "stderr_events_enabled",
                          "stderr_capture_maxbytes",
                          "stdout_events_enabled",
                          "stdout_capture_maxbytes",
                          "numprocs_start",
                          "numprocs",
                          "redirect_stderr",
                          "exitcodes",
                          "killasgroup",
                          "stopasgroup",
                          "stopwaitsecs",
                          "stopsignal",
                          "startretries",
                          "startsecs",
                          "autorestart",
                          "autostart"}) {
    text += std::string(key) + "=%(nope)s\n";
  }
  const auto loaded = world.try_load(text);
  ASSERT_FALSE(loaded);
  std::string keys;
  for (const ConfigError& error : loaded.error()) {
    keys += error.key + " ";
  }
  EXPECT_EQ(keys,
            "autostart autorestart startsecs startretries stopsignal stopwaitsecs stopasgroup "
            "killasgroup exitcodes redirect_stderr numprocs numprocs_start "
            "stdout_capture_maxbytes stdout_events_enabled stderr_capture_maxbytes "
            "stderr_events_enabled serverurl user umask environment directory stdout_logfile "
            "stdout_logfile_backups stdout_logfile_maxbytes stdout_syslog stderr_logfile "
            "stderr_logfile_backups stderr_logfile_maxbytes stderr_syslog command process_name ");
}

TEST(LoaderErrors, ASectionReadTwiceComplainsOnce) {
  test::ConfigWorld world;
  EXPECT_EQ(world.errors("[supervisord]\n[program:a]\ncommand=x\nstartsecs=x\n"
                         "[group:g]\nprograms=a,a\n[group:h]\nprograms=a\n"),
            "invalid literal for int() with base 10: 'x' in section 'program:a' (file: "
            "'<D>/s.conf')");
}

TEST(LoaderErrors, AnErrorOfDefaultIsReportedForEverySectionThatTakesIt) {
  test::ConfigWorld world;
  EXPECT_EQ(report(world,
                   "[DEFAULT]\nstartsecs=x\n[supervisord]\n[program:a]\ncommand=1\n"
                   "[program:b]\ncommand=1\n"),
            "<D>/s.conf:2: [program:a] startsecs: invalid literal for int() with base 10: 'x' in "
            "section 'program:a' (file: '<D>/s.conf')\n"
            "<D>/s.conf:2: [program:b] startsecs: invalid literal for int() with base 10: 'x' in "
            "section 'program:b' (file: '<D>/s.conf')\n");
}

TEST(LoaderErrors, TheirNumberIsLimited) {
  test::ConfigWorld world;
  std::string text = "[supervisord]\n";
  for (int i = 0; i < 600; ++i) {
    text += "[program:p" + std::to_string(i) + "]\n";
  }
  EXPECT_EQ(world.try_load(text).error().size(), 500U);
}

TEST(LoaderErrors, UnknownNamesAreOnlyWarnings) {
  test::ConfigWorld world;
  const Config config = world.load(
      "[supervisord]\nlog_level=debug\n[program:cat]\ncommand=x\nautosart=%(broken\n"
      "stdout_logfile_maxbytes=0\n[Program:dog]\ncommand=x\n[circus]\nx=50%\n");
  std::vector<std::string> warnings;
  for (const std::string& warning : config.warnings) {
    warnings.push_back(world.relative(warning));
  }
  EXPECT_EQ(warnings,
            (std::vector<std::string>{
                "For [program:cat], AUTO logging used for stdout_logfile without rollover, set "
                "maxbytes > 0 to avoid filling up filesystem unintentionally",
                "<D>/s.conf:2: [supervisord] log_level: unknown key; did you mean 'loglevel'?",
                "<D>/s.conf:5: [program:cat] autosart: unknown key; did you mean 'autostart'?",
                "<D>/s.conf:7: [Program:dog] unknown section, ignored; did you mean "
                "'[program:dog]'?",
            }));
}

}  // namespace
}  // namespace sv::config
