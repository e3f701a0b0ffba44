// forward_signals=: what a program gets instead of the daemon, as process 1 and as my_init.

#include <signal.h>

#include "base/text.h"
#include "integration/daemon_fixture.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

std::string reporter(const std::string& name, const std::string& more) {
  return cat({"[program:", name, "]\ncommand=sh -c '",
              "for s in HUP USR1 USR2 WINCH; do trap \"echo $s\" $s; done; echo up; ",
              "while :; do sleep 1000 & wait; kill $!; done'\nstdout_logfile={dir}/", name,
              ".log\nredirect_stderr=true\n", more});
}

class ForwardedSignals : public DaemonTest {};

TEST_F(ForwardedSignals, ReachTheProgramsThatWantThemAndNoOthers) {
  configure(reporter("a", "forward_signals=HUP, usr1,WINCH\n") +
            reporter("b", "forward_signals=USR1\n") + reporter("c", ""));
  start();
  for (const char* name : {"a", "b", "c"}) {
    wait_for_text(cat({name, ".log"}), "up");
  }
  const std::string before = info("c", "pid");
  send_signal(SIGHUP);
  wait_for_text("a.log", "HUP");
  send_signal(SIGWINCH);
  wait_for_text("a.log", "WINCH");
  send_signal(SIGUSR1);
  wait_for_text("a.log", "USR1");
  wait_for_text("b.log", "USR1");
  EXPECT_EQ(read_all(path("b.log")), "up\nUSR1\n");
  EXPECT_EQ(read_all(path("c.log")), "up\n");
  EXPECT_EQ(info("c", "pid"), before) << "HUP was a program's: nothing is restarted";
  EXPECT_NE(log().find("received SIGHUP, passing it on"), std::string::npos);
  stop();
}

TEST_F(ForwardedSignals, ThatNobodyWantsDoWhatTheyAlwaysDo) {
  configure(reporter("a", "forward_signals=USR1\n"));
  start();
  wait_for_text("a.log", "up");
  send_signal(SIGHUP);
  wait_until("another a", [this] { return read_all(path("a.log")).ends_with("up\nup\n"); });
  stop();
}

TEST_F(ForwardedSignals, AreWatchedWhenAnUpdateBringsTheFirst) {
  configure(reporter("a", ""));
  start();
  wait_for_text("a.log", "up");
  configure(reporter("a", "") + reporter("b", "forward_signals=WINCH\n"));
  call("supervisor.reloadConfig");
  call("supervisor.addProcessGroup", {"b"});
  wait_for_text("b.log", "up");
  send_signal(SIGWINCH);
  wait_for_text("b.log", "WINCH");
  stop();
}

class MyInitForwards : public MyInit {};

TEST_F(MyInitForwards, ToProgramsAndStillToTheMainCommandWhatWasIts) {
  supervise(reporter("a", "forward_signals=HUP,WINCH\n"));
  dir_.script("main",
              "#!/bin/sh\ntrap 'echo main winch >>$OUT' WINCH\necho up >>$OUT\n"
              "while :; do sleep 1000 & wait; kill $!; done\n");
  call_with(cat({"-- ", path("main")}));
  start_until("out", "up");
  wait_for_text("a.log", "up");
  send_signal(SIGWINCH);
  wait_for_text("a.log", "WINCH");
  wait_for_text("out", "main winch");
  send_signal(SIGHUP);
  wait_for_text("a.log", "HUP");
  stop(128 + SIGTERM);
}

}  // namespace
}  // namespace sv::test
