#include <csignal>

#include "integration/daemon_fixture.h"

/// One test for each row of docs/exit-status.md that needs a running daemon.
namespace sv::test {
namespace {

class ExitStatus : public DaemonTest {};

TEST_F(ExitStatus, IsZeroWhenEverythingStoppedInTime) {
  configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start();
  wait_for_text("web.log", "up");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(ExitStatus, TellsThatSomethingHadToBeKilled) {
  configure(
      "[program:stubborn]\ncommand={subject} stubborn\nstopwaitsecs=1\n"
      "stdout_logfile={dir}/s.log\n");
  start();
  wait_for_text("s.log", "up");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);
  EXPECT_NE(log().find("killing 'stubborn'"), std::string::npos);
}

TEST_F(ExitStatus, ASecondTermKillsAtOnce) {
  daemon_options("shutdown_deadline=0");
  configure(
      "[program:stubborn]\ncommand={subject} stubborn\nstopwaitsecs=3600\n"
      "stdout_logfile={dir}/s.log\n");
  start();
  wait_for_text("s.log", "up");
  send_signal(SIGTERM);
  wait_for_text("log", "waiting for tap, stubborn to die");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);  // long before the hour is over
  EXPECT_NE(log().find("received SIGTERM again: killing everything that is left"),
            std::string::npos);
}

TEST_F(ExitStatus, TheDeadlineOfAShutdownBeatsStopwaitsecs) {
  daemon_options("shutdown_deadline=1");
  configure(
      "[program:stubborn]\ncommand={subject} stubborn\nstopwaitsecs=3600\n"
      "stdout_logfile={dir}/s.log\n");
  start();
  wait_for_text("s.log", "up");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);
  EXPECT_NE(log().find("of its stopwaitsecs=3600: everything must be down in time"),
            std::string::npos);
}

TEST_F(ExitStatus, IsThatOfAProgramThatDecides) {
  configure(
      "[program:app]\ncommand={subject} exit 3 bye\nstartsecs=0\non_exit=shutdown\n"
      "autorestart=true\nstdout_logfile={dir}/a.log\n"
      "[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  EXPECT_EQ(run_to_end(), 3);
  EXPECT_NE(log().find("ending: app has ended (exit status 3), exit status 3"), std::string::npos);
  EXPECT_NE(log().find("stopped: web"), std::string::npos);
}

TEST_F(ExitStatus, IsThatOfAFatalProgramWhereTheRuleSaysSo) {
  daemon_options("exit_on=any_fatal");
  configure(
      "[program:app]\ncommand={subject} exit 5 bye\nstartretries=0\n"
      "stdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end(), 5);
  EXPECT_NE(log().find("ending: app is FATAL (exit status 5), exit status 5"), std::string::npos);
}

TEST_F(ExitStatus, Is127WhenTheProgramCannotBeFound) {
  configure(
      "[program:app]\ncommand=/nonexistent\nstartretries=0\non_fatal=shutdown\n"
      "stdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end(), 127);
}

TEST_F(ExitStatus, IsTheFirstFailureWhenAllHaveEnded) {
  daemon_options("exit_on=all_exited");
  configure(
      "[program:a]\ncommand={subject} exit 0 a\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/a.log\n"
      "[program:b]\ncommand={subject} exit 4 b\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/b.log\n");
  EXPECT_EQ(run_to_end(), 4);
}

TEST_F(ExitStatus, IsExchangedByTheExitMap) {
  configure(
      "[program:app]\ncommand={subject} exit 3 bye\nstartsecs=0\non_exit=shutdown\n"
      "stdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end({"--exit-map", "3=0"}), 0);
}

TEST_F(ExitStatus, IsTwoForABadConfiguration) {
  configure("[program:app]\ncommand={subject} wait\non_exit=sometimes\n");
  EXPECT_EQ(run_to_end(), 2);
}

}  // namespace
}  // namespace sv::test
