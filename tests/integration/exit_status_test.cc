#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "base/text.h"
#include "integration/daemon_fixture.h"

/// The rows of docs/exit-status.md; tests/architecture/table_rows.py knows which is which.
namespace sv::test {
namespace {

class ExitStatus : public DaemonTest {
 protected:
  void stubborn(const std::string& stopwaitsecs) {
    configure(cat({"[program:stubborn]\ncommand={subject} stubborn\nstopwaitsecs=", stopwaitsecs,
                   "\nstdout_logfile={dir}/s.log\n"}));
  }
  void as_supervisord() { run_instead(cat({SV_SUPERVISORD, " -c ", path("conf")})); }
  void start_until_up(const std::string& file) {
    start();
    wait_for_text(file, "up");
  }
};

TEST_F(ExitStatus, IsZeroWhenEverythingStoppedInTime) {
  for (const int number : {SIGTERM, SIGINT, SIGQUIT}) {
    SCOPED_TRACE(number);
    std::filesystem::remove(path("web.log"));
    std::filesystem::remove(path("events"));
    configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
    start_until_up("web.log");
    send_signal(number);
    EXPECT_EQ(wait_for_end(), 0);
  }
}

TEST_F(ExitStatus, IsZeroWhenAClientEndsIt) {
  configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start_until_up("web.log");
  call("supervisor.shutdown");
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(ExitStatus, TellsThatSomethingHadToBeKilled) {
  stubborn("1");
  start_until_up("s.log");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);
  EXPECT_NE(log().find("killing 'stubborn'"), std::string::npos);
}

TEST_F(ExitStatus, OfSupervisordIsZeroWhateverHadToBeKilled) {
  stubborn("1");
  as_supervisord();
  start_until_up("s.log");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_NE(log().find("killing 'stubborn'"), std::string::npos);
}

TEST_F(ExitStatus, ASecondTermKillsAtOnce) {
  daemon_options("shutdown_deadline=0");
  stubborn("3600");
  start_until_up("s.log");
  send_signal(SIGTERM);
  wait_for_text("log", "waiting for tap, stubborn to die");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);  // long before the hour is over
  EXPECT_NE(log().find("received SIGTERM again: killing everything that is left"),
            std::string::npos);
}

TEST_F(ExitStatus, ASecondTermOfSupervisordHurriesNobody) {
  stubborn("2");
  as_supervisord();
  start_until_up("s.log");
  send_signal(SIGTERM);
  wait_for_text("log", "waiting for tap, stubborn to die");
  const auto begin = std::chrono::steady_clock::now();
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
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

TEST_F(ExitStatus, Is128AndTheSignalOfAProgramThatDecides) {
  configure(
      "[program:app]\ncommand=sh -c 'kill -KILL $$'\nstartsecs=0\non_exit=shutdown\n"
      "stdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end(), 137);
}

TEST_F(ExitStatus, OfSupervisordIsThatOfAProgramThatDecidesToo) {
  configure(
      "[program:app]\ncommand={subject} exit 3 bye\nstartsecs=0\non_exit=shutdown\n"
      "stdout_logfile={dir}/a.log\n");
  as_supervisord();
  EXPECT_EQ(run_to_end(), 3);
}

TEST_F(ExitStatus, IsThatOfAFatalProgramWhereOneOfThreeRulesSaysSo) {
  for (const char* rule : {"on_fatal=shutdown", "on_exit=shutdown", ""}) {
    SCOPED_TRACE(rule);
    daemon_options(*rule == '\0' ? "exit_on=any_fatal" : "");
    configure(cat({"[program:app]\ncommand={subject} exit 5 bye\nstartretries=0\nstartsecs=1\n",
                   rule, "\nstdout_logfile={dir}/a.log\n"}));
    std::filesystem::remove(path("log"));
    EXPECT_EQ(run_to_end(), 5);
    EXPECT_NE(log().find("ending: app is FATAL (exit status 5), exit status 5"), std::string::npos);
  }
}

TEST_F(ExitStatus, OfAFatalProgramIsNeverZero) {
  daemon_options("exit_on=any_fatal");
  configure(
      "[program:app]\ncommand={subject} exit 0 bye\nstartretries=0\nstdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end(), 1);
}

TEST_F(ExitStatus, Is127WhenTheProgramNeverRan) {
  const std::string no_program = dir_.write("no_program", "");
  for (const std::string& command : {std::string("/nonexistent"), no_program}) {
    SCOPED_TRACE(command);
    configure(cat({"[program:app]\ncommand=", command,
                   "\nstartretries=0\non_fatal=shutdown\nstdout_logfile={dir}/a.log\n"}));
    EXPECT_EQ(run_to_end(), 127);
  }
}

TEST_F(ExitStatus, IsTheFirstFailureWhenAllHaveEnded) {
  daemon_options("exit_on=all_exited");
  for (const int status : {4, 0}) {
    configure(
        cat({"[program:a]\ncommand={subject} exit 0 a\nstartsecs=0\nautorestart=false\n"
             "stdout_logfile={dir}/a.log\n"
             "[program:b]\ncommand={subject} exit ",
             std::to_string(status),
             " b\nstartsecs=0\nautorestart=false\nstdout_logfile={dir}/b.log\n"}));
    EXPECT_EQ(run_to_end(), status);
  }
}

TEST_F(ExitStatus, IsExchangedByTheExitMap) {
  configure(
      "[program:app]\ncommand={subject} exit 3 bye\nstartsecs=0\non_exit=shutdown\n"
      "stdout_logfile={dir}/a.log\n");
  EXPECT_EQ(run_to_end({"--exit-map", "3=0"}), 0);
}

TEST_F(ExitStatus, IsTwoForABadConfigurationOrOption) {
  configure("[program:app]\ncommand={subject} wait\non_exit=sometimes\n");
  EXPECT_EQ(run_to_end(), 2);
  configure("");
  EXPECT_EQ(run_to_end({"--no-such-option"}), 2);
  as_supervisord();
  EXPECT_EQ(run_to_end({"--no-such-option"}), 2);
}

TEST_F(ExitStatus, IsTwoForAServerThatCannotBeOpened) {
  configure("[inet_http_server]\nport=192.0.2.1:9001\nusername=u\npassword=p\n");
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_NE(log().find("Cannot open an HTTP server"), std::string::npos);
}

TEST_F(ExitStatus, IsOneForAnInternalFailure) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "its runtime needs all the memory there is";
#endif
  // More programs than fit into the memory that is allowed: nine thousand times these variables.
  configure(
      cat({"[program:many]\ncommand={subject} wait\nnumprocs=9000\nautostart=false\n"
           "process_name=%(process_num)d\nenvironment=BIG=\"",
           std::string(16'000, 'x'), "\"\n"}));
  before_start("ulimit -v 100000");
  EXPECT_EQ(run_to_end(), 1);
  EXPECT_NE(read_all(path("console")).find("cannot go on: std::bad_alloc"), std::string::npos);
}

}  // namespace
}  // namespace sv::test
