// What programs write arrives, completely and where it was asked to go.

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class Output : public DaemonTest {};

TEST_F(Output, OfAProgramThatEndsAtOnceIsComplete) {
  configure(
      "[program:flood]\ncommand={subject} flood 3000000\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/flood.log\nstdout_logfile_maxbytes=0\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:flood"});
  EXPECT_EQ(read_all(path("flood.log")).size(), 3000000U);
  stop();
}

TEST_F(Output, ReachesOurStandardOutputAfterDroppingPrivileges) {
  with_mop();
  daemon_options("user=mop\nsilent=true");
  configure(
      "[program:talker]\ncommand={subject} exit 0 spoken\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:talker"});
  wait_for_text("console", "spoken");
  stop();
}

TEST_F(Output, RotatesAndKeepsEveryByte) {
  configure(
      "[program:flood]\ncommand={subject} flood 1000000\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/f.log\nstdout_logfile_maxbytes=200KB\n"
      "stdout_logfile_backups=20\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:flood"});
  std::size_t total = read_all(path("f.log")).size();
  int files = 0;
  for (int i = 1; i <= 20; ++i) {
    const std::string backup = read_all(path("f.log." + std::to_string(i)));
    if (backup != "<missing>") {
      ++files;
      total += backup.size();
      EXPECT_GE(backup.size(), 200U * 1024);
    }
  }
  EXPECT_EQ(total, 1000000U);
  EXPECT_GE(files, 1);
  stop();
}

TEST_F(Output, GoesOnIntoANewFileAfterUsr2) {
  configure(
      "[program:web]\ncommand=/bin/sh -c 'echo one; read line; echo $line; sleep 1000'\n"
      "stdout_logfile={dir}/web.log\n");
  start();
  wait_for_text("web.log", "one");
  ASSERT_EQ(::rename(path("web.log").c_str(), path("old.log").c_str()), 0);
  send_signal(SIGUSR2);
  wait_for_text("log", "supervisord logreopen");
  wait_until("a new file", [this] { return read_all(path("web.log")) != "<missing>"; });
  call("supervisor.sendProcessStdin", {"web", "two\n"});
  wait_for_text("web.log", "two");
  EXPECT_EQ(read_all(path("old.log")), "one\n");
  stop();
}

TEST_F(Output, SurvivesAFullDisk) {
  expect_errors();
  before_start("mount -t tmpfs -o size=64k,mode=1777 tmpfs " + path("small") + "\n");
  configure(
      "[program:flood]\ncommand={subject} flood 1000000\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/small/f.log\nstdout_logfile_maxbytes=0\n");
  ASSERT_EQ(::mkdir(path("small").c_str(), 0777), 0);
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:flood", "expected:1"});
  EXPECT_NE(log().find("No space left on device"), std::string::npos);
  EXPECT_EQ(info("flood", "statename"), "EXITED");
  stop();
}

}  // namespace
}  // namespace sv::test
