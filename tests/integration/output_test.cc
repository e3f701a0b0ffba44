// What programs write arrives, completely and where it was asked to go.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unique_fd.h"
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

TEST_F(Output, OfTwoProgramsInOneFileIsRotatedOnceAndComplete) {
  const std::string program =
      "command={subject} flood 600000\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/f.log\nstdout_logfile_maxbytes=100KB\nstdout_logfile_backups=20\n";
  configure("[program:a]\n" + program + "[program:b]\n" + program);
  start();
  wait_for_event({"PROCESS_STATE_EXITED"});
  wait_for_event({"PROCESS_STATE_EXITED"});
  std::size_t total = read_all(path("f.log")).size();
  for (int i = 1; i <= 20; ++i) {
    const std::string backup = read_all(path("f.log." + std::to_string(i)));
    if (backup != "<missing>") {
      total += backup.size();
      EXPECT_GE(backup.size(), 100U * 1024) << "backup " << i;
    }
  }
  EXPECT_EQ(total, 1200000U);
  stop();
}

TEST_F(Output, ToAPipeIsNotRotatedAndNoError) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0666), 0);
  const UniqueFd reader(::open(path("pipe").c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(reader);
  configure(
      "[program:p]\ncommand={subject} flood 20000\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/pipe\nstdout_logfile_maxbytes=1000\nstdout_logfile_backups=3\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:p"});
  char buffer[65536];
  EXPECT_EQ(::read(reader.get(), buffer, sizeof buffer), 20000);
  EXPECT_EQ(read_all(path("pipe.1")), "<missing>");
  stop();
}

TEST_F(Output, OfADeletedFileComesBackWhereItWouldHaveBeenRotated) {
  configure(
      "[program:web]\ncommand=/bin/sh -c 'while read line; do echo $line; done'\n"
      "stdout_logfile={dir}/web.log\nstdout_logfile_maxbytes=20\nstdout_logfile_backups=1\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  call("supervisor.sendProcessStdin", {"web", "one\n"});
  wait_for_text("web.log", "one");
  ASSERT_EQ(::unlink(path("web.log").c_str()), 0);
  call("supervisor.sendProcessStdin", {"web", "two, and with it the limit\n"});
  wait_until("a new file", [this] { return read_all(path("web.log")) != "<missing>"; });
  call("supervisor.sendProcessStdin", {"web", "three\n"});
  wait_for_text("web.log", "three");
  EXPECT_EQ(read_all(path("web.log")), "three\n");
  EXPECT_EQ(read_all(path("web.log.1")), "<missing>") << "somebody else's backups stay";
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
