// What process 1 owes the container: it supervises, reaps, drops privileges, ends in order.

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <fstream>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class ProcessOne : public DaemonTest {};

TEST_F(ProcessOne, StartsProgramsAndStopsThemOnTerm) {
  configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start();
  EXPECT_EQ(status_line("NSpid").back(), '1');
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  EXPECT_EQ(info("web", "statename"), "RUNNING");
  wait_for_text("web.log", "up");
  stop();
  EXPECT_NE(log().find("stopped: web (terminated by SIGTERM)"), std::string::npos);
}

TEST_F(ProcessOne, RestartsAKilledProgramAtOnce) {
  configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  const std::string before = info("web", "pid");
  call("supervisor.signalProcess", {"web", "KILL"});
  wait_for_event({"PROCESS_STATE_EXITED", "processname:web", "expected:0"});
  wait_for_event({"PROCESS_STATE_STARTING", "processname:web"});
  EXPECT_NE(info("web", "pid"), before);
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  stop();
}

TEST_F(ProcessOne, ReapsOrphansWhileItServes) {
  configure("[program:parent]\ncommand={subject} orphans 1000\nstdout_logfile={dir}/p.log\n");
  start();
  wait_for_text("p.log", "left 1000");
  EXPECT_EQ(info("parent", "statename"), "RUNNING");
  wait_until("no zombies", [this] { return children_states().find('Z') == std::string::npos; });
  EXPECT_EQ(info("parent", "statename"), "RUNNING");
  EXPECT_THAT(log(), ::testing::ContainsRegex(
                         "reaped unknown pid [0-9]+ .exit status 0.*, left by parent"));
  stop();
}

TEST_F(ProcessOne, KillsAProgramThatIgnoresItsSignal) {
  configure(
      "[program:stubborn]\ncommand={subject} stubborn\nstopwaitsecs=1\n"
      "stdout_logfile={dir}/s.log\n");
  start();
  wait_for_text("s.log", "up");
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:stubborn"});
  stop(124);
  EXPECT_NE(log().find("killing 'stubborn'"), std::string::npos);
}

TEST_F(ProcessOne, DropsToTheConfiguredUserForGood) {
  with_mop();
  daemon_options("user=mop");
  configure("[program:who]\ncommand={subject} identity\nstdout_logfile={dir}/who.log\n");
  start();
  wait_for_text("who.log", "descriptors");
  // Real, effective, saved and file-system ids.
  EXPECT_EQ(status_line("Uid"), "Uid:\t441\t441\t441\t441");
  EXPECT_EQ(status_line("Gid"), "Gid:\t444\t444\t444\t444");
  EXPECT_EQ(status_line("Groups"), "Groups:\t444 4455 ");
  EXPECT_EQ(status_line("CapEff").substr(8), std::string(16, '0'));
  EXPECT_EQ(read_all(path("who.log")),
            "uid 441 gid 444 groups 444 4455 umask 0022 descriptors 0 1 2\n");
  stop();
}

TEST_F(ProcessOne, GivesAProgramItsOwnUser) {
  with_mop();
  configure(
      "[program:who]\ncommand={subject} identity\nuser=mop\numask=027\n"
      "stdout_logfile={dir}/who.log\n");
  start();
  wait_for_text("who.log", "descriptors");
  EXPECT_EQ(read_all(path("who.log")),
            "uid 441 gid 444 groups 444 4455 umask 0027 descriptors 0 1 2\n");
  stop();
}

TEST_F(ProcessOne, SleepsWhileNothingHappens) {
  configure(
      "[program:many]\ncommand={subject} wait\nnumprocs=100\n"
      "process_name=many_%(process_num)d\nstdout_logfile=NONE\nstderr_logfile=NONE\n");
  start();
  for (int i = 0; i < 100; ++i) {
    wait_for_event({"PROCESS_STATE_RUNNING", "groupname:many"});
  }
  const auto switches = [this] { return status_line("voluntary_ctxt_switches"); };
  // Until the last event has been answered and nothing moves any more, then three seconds of it:
  // the one test whose subject is the passing of time.
  std::string before = switches();
  int equal = 0;
  wait_until("twenty equal readings", [&] {
    const std::string now = switches();
    equal = std::exchange(before, now) == now ? equal + 1 : 0;
    return equal == 20;
  });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  wait_until("three seconds", [&] { return std::chrono::steady_clock::now() > end; });
  EXPECT_EQ(switches(), before);
  stop();
}

TEST_F(ProcessOne, LeaksNoDescriptorsOverManyRestarts) {
  configure(
      "[program:short]\ncommand={subject} exit 0 done\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/short.log\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:short"});
  const std::size_t before = descriptor_count();
  for (int i = 0; i < 50; ++i) {
    call("supervisor.startProcess", {"short", true});
    wait_for_event({"PROCESS_STATE_EXITED", "processname:short"});
  }
  EXPECT_EQ(descriptor_count(), before);
  stop();
}

}  // namespace
}  // namespace sv::test
