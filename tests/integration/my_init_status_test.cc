// What my_init ends with: the rows of the table "Status" in docs/process-one.md that
// my_init_test.cc and shutdown_deadline_test.cc do not have. tests/architecture/table_rows.py
// knows which is which.

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>

#include <string>

#include "base/text.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kStubborn =
    "-- sh -c 'trap \"\" TERM; echo main >>$OUT; while :; do sleep 0.1; done'";

class MyInitStatus : public MyInit {};

TEST_F(MyInitStatus, OfAMainCommandThatMayNotBeExecutedIs126) {
  dir_.write("etc/no_command", "");
  call_with("-- /etc/no_command");
  EXPECT_EQ(run_to_end(), 126);
}

TEST_F(MyInitStatus, OfAMainCommandThatEndsWellOnTermIsZero) {
  call_with("-- sh -c 'trap \"exit 0\" TERM; echo main >>$OUT; while :; do sleep 0.01; done'");
  start_until("out", "main");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(MyInitStatus, OfAMainCommandDoesNotTellWhatElseHadToBeKilled) {
  daemon_options("shutdown_deadline=2");
  supervise(
      "[program:web]\ncommand={subject} stubborn\nstopwaitsecs=1\nstdout_logfile={dir}/web.log\n");
  call_with("-- sh -c 'trap \"exit 0\" TERM; echo main >>$OUT; while :; do sleep 0.01; done'");
  start();
  wait_for_text("web.log", "up");
  wait_for_text("out", "main");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_THAT(log(), HasSubstr("killing 'web'"));
}

TEST_F(MyInitStatus, ASecondTermKillsTheMainCommandAtOnce) {
  enter("export KILL_PROCESS_TIMEOUT=3600");
  call_with(kStubborn);
  start_until("out", "main");
  send_signal(SIGTERM);
  wait_for_text("console", "Shutting down sh");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 137);  // long before the hour is over
}

TEST_F(MyInitStatus, OfAMainCommandThatEndedInTimeIsItsOwnHoweverLateThatIsSeen) {
  enter("export KILL_PROCESS_TIMEOUT=1");
  call_with(
      cat({"--skip-runit -- sh -c 'trap \"until [ -e ", path("go"),
           " ]; do sleep 0.05; done; exit 4\" TERM; echo main >>$OUT; while :; do sleep 0.05; "
           "done'"}));
  start_until("out", "main");
  send_signal(SIGTERM);
  wait_for_text("console", "Shutting down sh");
  send_signal(SIGSTOP);
  (void)dir_.write("go", "");
  ::poll(nullptr, 0, 1500);  // longer than the time-out
  send_signal(SIGCONT);
  EXPECT_EQ(wait_for_end(), 4);
  EXPECT_THAT(console(), Not(HasSubstr("did not shut down in time")));
}

TEST_F(MyInitStatus, ASecondTermKillsProgramsAtOnce) {
  daemon_options("shutdown_deadline=0");
  supervise(
      "[program:web]\ncommand={subject} stubborn\nstopwaitsecs=3600\n"
      "stdout_logfile={dir}/web.log\n");
  start();
  wait_for_text("web.log", "up");
  send_signal(SIGTERM);
  wait_for_text("log", "waiting for tap, web to die");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 124);
}

TEST_F(MyInitStatus, IsThatOfAProgramThatDecidesAlsoBesideAMainCommand) {
  supervise(
      "[program:app]\ncommand={subject} exit 5 bye\nstartsecs=0\non_exit=shutdown\n"
      "autostart=false\nstdout_logfile={dir}/a.log\n");
  for (const char* main : {"", "-- sh -c 'echo main >>$OUT; exec sleep 1000'"}) {
    SCOPED_TRACE(main);
    fs::remove(path("events"));
    call_with(main);
    start();
    if (*main != '\0') {
      wait_for_text("out", "main");
    }
    call("supervisor.startProcess", {"app", false});
    EXPECT_EQ(wait_for_end(), 5);
  }
}

TEST_F(MyInitStatus, OfAStartUpScriptIs128AndTheSignal) {
  script("my_init.d/10_a", "kill -KILL $$");
  EXPECT_EQ(run_to_end(), 137);
}

TEST_F(MyInitStatus, OfAStartUpScriptIs127WithoutItsInterpreter) {
  dir_.script("etc/my_init.d/10_a", "#!/no/such/interpreter\n");
  EXPECT_EQ(run_to_end(), 127);
}

TEST_F(MyInitStatus, IsThatOfAShutdownScriptIfAllElseWasWell) {
  supervise("");
  script("my_init.pre_shutdown.d/10", "exit 9");
  script("my_init.post_shutdown.d/10", "exit 8");
  start();
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 8);
}

TEST_F(MyInitStatus, OfACommandIsNotChangedByAShutdownScript) {
  supervise("");
  script("my_init.post_shutdown.d/10", "exit 9");
  call_with("-- sh -c 'exit 3'");
  EXPECT_EQ(run_to_end(), 3);
}

TEST_F(MyInitStatus, IsOneWithoutServicesAndWithoutCommand) {
  call_with("--skip-runit");
  EXPECT_EQ(run_to_end(), 1);
}

TEST_F(MyInitStatus, IsExchangedByTheExitMap) {
  call_with("--exit-map 143=0,7=8 -- sh -c 'echo main >>$OUT; exec sleep 1000'");
  start_until("out", "main");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(MyInitStatus, IsOneForAnInternalFailure) {
  enter("ulimit -n 7");  // too few descriptors for the loop
  call_with("-- true");
  EXPECT_EQ(run_to_end(), 1);
}

}  // namespace
}  // namespace sv::test
