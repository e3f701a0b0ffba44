// /sbin/my_init: start-up scripts, the environment store, the main command, the end of everything.

#include <gmock/gmock.h>
#include <signal.h>

#include <string>

#include "base/text.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(MyInit, RunsScriptsInOrderThenTheMainCommandWhoseStatusItTakes) {
  script("my_init.d/20_b", "echo b >>$OUT");
  script("my_init.d/10_a", "echo a >>$OUT");
  script("rc.local", "echo rc >>$OUT");
  dir_.write("etc/my_init.d/15_not_executable", "#!/bin/sh\necho no >>$OUT\n");
  fs::create_directory(etc("my_init.d/folder"));
  call_with("-- sh -c 'echo main >>$OUT; exit 5'");
  EXPECT_EQ(run_to_end(), 5);
  EXPECT_EQ(out(), "a\nb\nrc\nmain\n");
  EXPECT_THAT(console(), HasSubstr("*** Running /etc/my_init.d/10_a...\n"));
  EXPECT_THAT(console(), HasSubstr("*** /etc/my_init.d/10_a took 0."));
  EXPECT_THAT(console(), HasSubstr("*** Running /etc/rc.local...\n"));
  EXPECT_THAT(console(), HasSubstr("*** sh exited with status 5.\n"));
}

TEST_F(MyInit, AFailedScriptEndsTheBootWithItsStatus) {
  script("my_init.d/10_a", "exit 7");
  script("my_init.d/20_b", "echo b >>$OUT");
  script("my_init.post_shutdown.d/10", "echo post >>$OUT");
  call_with("-- sh -c 'echo main >>$OUT'");
  EXPECT_EQ(run_to_end(), 7);
  EXPECT_EQ(out(), "<missing>");
  EXPECT_THAT(console(), HasSubstr("*** /etc/my_init.d/10_a failed with status 7\n\n"));
}

TEST_F(MyInit, AScriptWithoutInterpreterFailsTheBoot) {
  dir_.script("etc/my_init.d/10_a", "echo no interpreter line\n");
  EXPECT_EQ(run_to_end(), 126);
  EXPECT_THAT(console(), HasSubstr("(no interpreter line?)"));
}

TEST_F(MyInit, AStopInterruptsTheBoot) {
  script("my_init.d/10_a", "echo began >>$OUT; exec sleep 1000");
  script("my_init.d/20_b", "echo b >>$OUT");
  start_until("out", "began");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 2);
  EXPECT_EQ(out(), "began\n");
  EXPECT_THAT(console(), HasSubstr("*** Shutting down /etc/my_init.d/10_a (PID "));
  EXPECT_THAT(console(), HasSubstr("*** Init system aborted.\n"));
}

TEST_F(MyInit, AScriptThatIgnoresTheStopIsKilledInTime) {
  script("my_init.d/10_a", "trap '' TERM; echo began >>$OUT; while :; do sleep 1000; done");
  enter("export KILL_PROCESS_TIMEOUT=1");
  start_until("out", "began");
  send_signal(SIGINT);
  EXPECT_EQ(wait_for_end(), 2);
  EXPECT_THAT(console(), HasSubstr("did not shut down in time. Forcing it to exit.\n"));
}

TEST_F(MyInit, TheEnvironmentStoreReachesScriptsAndTheMainCommand) {
  dir_.write("etc/container_environment/FROM_FILE", "file\n");
  dir_.write("etc/container_environment/GIVEN", "file");
  enter("export GIVEN=container ODD='a b' HOME=/mnt/home");
  script("my_init.d/10_a",
         "echo $FROM_FILE $GIVEN >>$OUT; echo new >/etc/container_environment/NEW");
  script("my_init.d/20_b", "echo $NEW $HOME >>$OUT; rm /etc/container_environment/GIVEN");
  call_with("-- sh -c 'echo main $NEW ${GIVEN-unset} $HOME >>$OUT'");
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_EQ(out(), "file container\nnew /mnt/home\nmain new unset /mnt/home\n");
  EXPECT_EQ(read_all(etc("container_environment/ODD")), "a b");
  EXPECT_FALSE(fs::exists(etc("container_environment/HOME")));
  EXPECT_THAT(read_all(etc("container_environment.sh")), HasSubstr("export ODD='a b'\n"));
  EXPECT_THAT(read_all(etc("container_environment.json")), HasSubstr("\"HOME\": \"/mnt/home\""));
}

TEST_F(MyInit, AReadOnlyEtcIsNoObstacle) {
  enter("export GIVEN=container\nmount -o remount,bind,ro /etc");
  script("my_init.d/10_a", "echo $GIVEN >>$OUT");
  call_with("-- sh -c 'echo main $GIVEN >>$OUT'");
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_EQ(out(), "container\nmain container\n");
}

TEST_F(MyInit, ASignalledMainCommandIs128AndTheSignal) {
  call_with("sh -c 'kill -KILL $$'");
  EXPECT_EQ(run_to_end(), 137);
}

TEST_F(MyInit, AMainCommandThatIsNotThereIs127) {
  call_with("no-such-command --its-own-option");
  EXPECT_EQ(run_to_end(), 127);
}

TEST_F(MyInit, AStopEndsTheMainCommandThenShutdownScriptsRunAroundTheServices) {
  supervise("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  script("my_init.pre_shutdown.d/10", cat({"cat ", path("web.log"), " >>$OUT; echo pre >>$OUT"}));
  script("my_init.post_shutdown.d/10", "echo post >>$OUT");
  call_with(
      "-- sh -c 'trap \"echo main ends >>$OUT; exit 3\" TERM; echo main >>$OUT; "
      "while :; do sleep 0.1; done'");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  wait_for_text("web.log", "up");
  wait_for_text("out", "main");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 3);
  EXPECT_EQ(out(), "main\nmain ends\nup\npre\npost\n");
  EXPECT_THAT(log(), HasSubstr("stopped: web (terminated by SIGTERM)"));
}

TEST_F(MyInit, WithoutAMainCommandAStopIsClean) {
  supervise("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  stop(0);
}

TEST_F(MyInit, WithoutAConfigurationClientsFindItByThemselves) {
  for (const char* client : {"modctl", "supervisorctl"}) {
    call_with(cat({"-- ", fs::path(SV_MY_INIT).parent_path().string(), "/", client, " pid"}));
    EXPECT_EQ(run_to_end(), 0) << console();
    EXPECT_THAT(console(), HasSubstr("\n1\n")) << client;
  }
}

TEST_F(MyInit, AReloadDoesNotTouchTheMainCommand) {
  supervise("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  call_with("-- sh -c 'echo main >>$OUT; exec sleep 1000'");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  send_signal(SIGHUP);
  wait_for_event({"SUPERVISOR_STATE_CHANGE_RUNNING"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 143);
  EXPECT_EQ(out(), "main\n");
}

TEST_F(MyInit, AClientsShutdownTakesTheSameWay) {
  supervise("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  script("my_init.pre_shutdown.d/10", "echo pre >>$OUT");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  call("supervisor.shutdown");
  EXPECT_EQ(wait_for_end(), 0);
  EXPECT_EQ(out(), "pre\n");
}

TEST_F(MyInit, AMistakeInTheConfigurationEndsItWith2) {
  dir_.write("etc/supervisor/supervisord.conf", "[supervisord]\nloglevel=loud\n");
  call_with("-- sh -c 'echo main >>$OUT'");
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_EQ(out(), "<missing>");
}

TEST_F(MyInit, WhatIsLeftAtTheEndIsTerminatedAndWaitedFor) {
  call_with(cat({"-- sh -c 'setsid sh -c \"trap \\\"echo left >>$OUT; exit\\\" TERM; echo up >>",
                 path("up"), "; while :; do sleep 0.1; done\" & until [ -e ", path("up"),
                 " ]; do sleep 0.05; done'"}));
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_EQ(out(), "left\n");
  EXPECT_THAT(console(), HasSubstr("*** Killing all processes...\n"));
}

TEST_F(MyInit, WhatIgnoresTheSweepIsKilled) {
  enter("export KILL_ALL_PROCESSES_TIMEOUT=1");
  call_with(cat({"-- sh -c 'setsid sh -c \"trap : TERM; echo up >>", path("up"),
                 "; while :; do sleep 0.1; done\" & until [ -e ", path("up"),
                 " ]; do sleep 0.05; done'"}));
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_THAT(console(), HasSubstr("*** Not all processes have exited in time."));
}

TEST_F(MyInit, QuietSaysNothingOfACleanRun) {
  script("my_init.d/10_a", "true");
  call_with("--quiet --skip-runit -- true");
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_EQ(console(), "");
}

TEST_F(MyInit, SkipStartupFilesSkipsThem) {
  script("my_init.d/10_a", "exit 9");
  script("rc.local", "exit 9");
  call_with("--skip-startup-files true");
  EXPECT_EQ(run_to_end(), 0);
}

TEST_F(MyInit, UsageErrorsStartNothing) {
  script("my_init.d/10_a", "echo ran >>$OUT");
  call_with("--no-such-option");
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_EQ(out(), "<missing>");
}

TEST_F(MyInit, SignalsThatMeanNothingToUsReachTheMainCommand) {
  call_with(
      "-- sh -c 'trap \"echo usr1 >>$OUT\" USR1; trap \"echo hup >>$OUT\" HUP; trap \"exit 3\" "
      "TERM; "
      "echo ready >>$OUT; while :; do sleep 0.01; done'");
  start_until("out", "ready");
  send_signal(SIGUSR1);
  wait_for_text("out", "usr1");
  send_signal(SIGHUP);  // the services' signal: there could be some
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 3);
  EXPECT_EQ(out(), "ready\nusr1\n");
}

TEST_F(MyInit, WithoutServicesAllButTheEndReachTheMainCommand) {
  call_with(
      "--skip-runit --rewrite USR2:USR1 -- sh -c 'trap \"echo usr1 >>$OUT\" USR1; trap \"echo hup "
      ">>$OUT\" HUP; "
      "echo ready >>$OUT; while :; do sleep 0.01; done'");
  start_until("out", "ready");
  send_signal(SIGHUP);
  wait_for_text("out", "hup");
  send_signal(SIGUSR2);
  wait_for_text("out", "usr1");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 143);
}

TEST_F(MyInit, TheStopOfTheMainCommandCanBeAnotherSignal) {
  call_with(
      "--rewrite TERM:QUIT -- sh -c 'trap \"exit 4\" QUIT; echo ready >>$OUT; while :; do sleep "
      "0.01; done'");
  start_until("out", "ready");
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 4);
}

TEST_F(MyInit, PowerFailureAndHaltAreTheEndToo) {
  constexpr int kHalt = 37;  // SIGRTMIN+3
  for (const int signal : {SIGPWR, kHalt}) {
    SCOPED_TRACE(signal);
    call_with("-- sh -c 'trap \"exit 6\" TERM; echo ready >>$OUT; while :; do sleep 0.01; done'");
    fs::remove(path("out"));
    start_until("out", "ready");
    send_signal(signal);
    EXPECT_EQ(wait_for_end(), 6);
  }
}

TEST_F(MyInit, SetuserBecomesTheUserInPlace) {
  with_mop();
  before_start("");
  run_instead(cat({"env PATH=/usr/bin:/bin sh -c '", SV_SETUSER,
                   " mop sh -c \"id -u; id -g; echo \\$USER \\$HOME \\$UID\""
                   "; ",
                   SV_SETUSER, " nobody-here true; echo $?; ", SV_SETUSER, " 441 true; ",
                   SV_SETUSER, " mop no-such; ", SV_SETUSER, " mop'"}));
  EXPECT_EQ(run_to_end(), 1);
  EXPECT_EQ(console(), cat({"441\n444\nmop / 441\nsetuser: user nobody-here not found\n1\n"
                            "setuser: user 441 not found\n"
                            "setuser: cannot execute no-such: [Errno 2] No such file or directory\n"
                            "Usage: ",
                            SV_SETUSER, " USERNAME COMMAND [args..]\n"}));
}

}  // namespace
}  // namespace sv::test
