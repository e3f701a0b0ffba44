#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

/// redirect_stderr=auto.
namespace sv::config {
namespace {

class LoaderRedirection : public ::testing::Test {
 protected:
  test::ConfigWorld world_;
};

TEST_F(LoaderRedirection, RedirectsByItselfUnlessStandardErrorIsUsed) {
  struct Row {
    std::string lines;
    bool redirected;
    LogKind kind;  ///< of standard error's own log
  };
  const std::vector<Row> rows{
      {"", true, LogKind::none},
      {"stdout_logfile=/tmp/x", true, LogKind::none},
      {"stderr_logfile_backups=3\nstderr_logfile_maxbytes=1MB", true, LogKind::none},
      {"stderr_syslog=false\nstderr_events_enabled=no\nstderr_capture_maxbytes=0", true,
       LogKind::none},
      {"stderr_logfile=/tmp/x", false, LogKind::file},
      {"stderr_logfile=AUTO", false, LogKind::automatic},
      {"stderr_logfile=NONE", false, LogKind::none},
      {"stderr_logfile=", false, LogKind::none},
      {"stderr_syslog=true", false, LogKind::automatic},
      {"stderr_events_enabled=true", false, LogKind::automatic},
      {"stderr_capture_maxbytes=1KB", false, LogKind::automatic},
      {"redirect_stderr=false", false, LogKind::automatic},
      {"redirect_stderr=true\nstderr_logfile=/tmp/x", true, LogKind::none},
  };
  for (const auto& [lines, redirected, kind] : rows) {
    for (const char* value : {"auto", "AUTO", "%(ENV_A)s"}) {
      world_.context.environment["A"] = "auto";
      const Config config =
          world_.load("[supervisord]\n[DEFAULT]\nredirect_stderr=" + std::string(value) +
                      "\n[program:cat]\ncommand=/bin/cat\n" + lines);
      const ProcessConfig& p = config.groups.at(0).processes.at(0);
      EXPECT_EQ(p.redirect_stderr, redirected) << lines;
      EXPECT_EQ(p.stderr_log.kind, kind) << lines;
    }
  }
}

TEST_F(LoaderRedirection, DecidesForEachProcessWhetherToRedirect) {
  const Config config = world_.load(
      "[supervisord]\n[program:cat]\ncommand=/bin/cat\nredirect_stderr=auto\nnumprocs=2\n"
      "process_name=%(process_num)d\nenvironment=N=\"%(process_num)d\"\n"
      "stderr_syslog=%(ENV_N)s\n");
  EXPECT_TRUE(config.groups.at(0).processes.at(0).redirect_stderr);
  EXPECT_FALSE(config.groups.at(0).processes.at(1).redirect_stderr);
}

TEST_F(LoaderRedirection, DoesNotWarnOfALogThatIsKept) {
  const std::string program = "[supervisord]\n[program:cat]\ncommand=/bin/cat\n";
  const std::string log = "stderr_logfile=/tmp/x\nredirect_stderr=";
  EXPECT_EQ(world_.load(program + log + "true").warnings.size(), 1U);
  EXPECT_TRUE(world_.load(program + log + "auto").warnings.empty());
}

TEST_F(LoaderRedirection, NeverHappensToAListenerByItself) {
  const Config config = world_.load(
      "[supervisord]\n[DEFAULT]\nredirect_stderr=auto\n"
      "[eventlistener:l]\ncommand=x\nevents=TICK\n[program:p]\ncommand=x\n");
  ASSERT_EQ(config.groups.size(), 2U);
  EXPECT_FALSE(config.groups[0].processes.at(0).redirect_stderr);
  EXPECT_EQ(config.groups[0].processes.at(0).stderr_log.kind, LogKind::automatic);
  EXPECT_TRUE(config.groups[1].processes.at(0).redirect_stderr);
}

}  // namespace
}  // namespace sv::config
