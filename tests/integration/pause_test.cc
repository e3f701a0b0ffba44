// The container is paused, or process 1 alone is stopped from outside, and goes on later: the
// monotonic clock went on meanwhile, and nobody is restarted for it.

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Whether the programs are stopped as well, as docker pause does it.
class Pause : public DaemonTest, public ::testing::WithParamInterface<bool> {
 protected:
  /// Longer than every startsecs= and stopwaitsecs= here.
  static constexpr std::chrono::milliseconds kLength{1500};

  std::vector<pid_t> everybody() const {
    const std::string init = std::to_string(init_pid());
    std::ifstream children(cat({"/proc/", init, "/task/", init, "/children"}));
    std::vector<pid_t> pids{init_pid()};
    for (pid_t child = 0; children >> child;) {
      pids.push_back(child);
    }
    return pids;
  }
  /// Process 1 first when it stops, last when it goes on: nobody ends unseen but `meanwhile`.
  template <class Meanwhile>
  void pause(Meanwhile meanwhile) {
    const std::vector<pid_t> stopped = GetParam() ? everybody() : std::vector<pid_t>{init_pid()};
    for (const pid_t pid : stopped) {
      ASSERT_EQ(::kill(pid, SIGSTOP), 0);
    }
    meanwhile();
    ::poll(nullptr, 0, static_cast<int>(kLength.count()));  // time itself is what is tested
    for (auto pid = stopped.rbegin(); pid != stopped.rend(); ++pid) {
      ASSERT_EQ(::kill(*pid, SIGCONT), 0);
    }
  }
  std::size_t lines_with(const std::string& text) const {
    std::size_t count = 0;
    const std::string all = log();
    for (std::size_t at = 0; (at = all.find(text, at)) != std::string::npos; at += text.size()) {
      ++count;
    }
    return count;
  }
};

TEST_P(Pause, RestartsNobodyButWhoEndedMeanwhileAndThatOnce) {
  configure(
      "[program:up]\ncommand={subject} wait\nstartsecs=1\nstdout_logfile={dir}/up.log\n"
      "[program:starting]\ncommand={subject} wait\nstartsecs=1\nautostart=false\n"
      "stdout_logfile={dir}/starting.log\n"
      "[program:killed]\ncommand=sh -c 'echo $$ >{dir}/killed.pid; exec {subject} wait'\n"
      "startsecs=1\nstdout_logfile={dir}/killed.log\n");
  start();
  for (const char* name : {"up", "killed"}) {
    wait_until(name, [&] { return info(name, "statename") == "RUNNING"; });
  }
  call("supervisor.startProcess", {"starting", false});
  wait_for_text("starting.log", "up");
  const std::string up = info("up", "pid");
  const std::string starting = info("starting", "pid");
  const std::string killed = info("killed", "pid");

  const std::vector<pid_t> before = everybody();
  pause([&] {
    // The host's pid of it: the one whose pid in the namespace is known.
    for (const pid_t pid : before) {
      std::ifstream status(cat({"/proc/", std::to_string(pid), "/status"}));
      for (std::string line; std::getline(status, line);) {
        if (line.starts_with("NSpid:") && line.ends_with("\t" + killed)) {
          ::kill(pid, SIGKILL);
        }
      }
    }
  });
  wait_until("the killed one is back", [&] {
    return info("killed", "statename") == "RUNNING" && info("killed", "pid") != killed;
  });
  wait_until("the third has come up", [&] { return info("starting", "statename") == "RUNNING"; });
  EXPECT_EQ(info("up", "pid"), up);
  EXPECT_EQ(info("starting", "pid"), starting);
  EXPECT_EQ(lines_with("spawned: 'up'"), 1U);
  EXPECT_EQ(lines_with("spawned: 'starting'"), 1U);
  EXPECT_EQ(lines_with("spawned: 'killed'"), 2U);
  EXPECT_THAT(log(), Not(HasSubstr("FATAL")));
  stop();
}

TEST_P(Pause, TheNextAttemptOfAFailingProgramIsOne) {
  configure(
      "[program:failing]\ncommand={subject} exit 1 x\nstartsecs=1\nstartretries=2\n"
      "autostart=false\nstdout_logfile={dir}/f.log\n");
  start();
  call("supervisor.startProcess", {"failing", false});
  wait_for_event({"PROCESS_STATE_BACKOFF", "processname:failing", "tries:1"});
  pause([] {});
  wait_for_event({"PROCESS_STATE_BACKOFF", "processname:failing", "tries:2"});
  wait_for_event({"PROCESS_STATE_FATAL", "processname:failing"});
  EXPECT_EQ(lines_with("spawned: 'failing'"), 3U) << "startretries, pause or not";
  stop();
}

INSTANTIATE_TEST_SUITE_P(Of, Pause, ::testing::Values(false, true),
                         [](const auto& row) { return row.param ? "Everybody" : "ProcessOne"; });

class PauseOfProcessOne : public Pause {};

TEST_P(PauseOfProcessOne, WhoStoppedInTimeWasNotKilledHoweverLateThatIsSeen) {
  configure(
      "[program:quick]\nstartsecs=0\nstopwaitsecs=1\nstdout_logfile={dir}/q.log\n"
      "command=sh -c 'trap \"until [ -e {dir}/go ]; do sleep 0.05; done; exit\" TERM; "
      "echo up; exec >/dev/null 2>&1; while :; do sleep 0.05; done'\n");
  start();
  wait_for_text("q.log", "up");
  call("supervisor.stopProcess", {"quick", false});
  // Nothing else that could wake it up.
  wait_for_event({"PROCESS_STATE_STOPPING"});
  wait_until("the tap's answer", [&] { return log().ends_with("tap: ACKNOWLEDGED -> READY\n"); });
  pause([&] { (void)dir_.write("go", ""); });
  wait_until("it has stopped", [&] { return info("quick", "statename") == "STOPPED"; });
  EXPECT_THAT(log(), Not(HasSubstr("killing 'quick'")));
  stop(0);
}

INSTANTIATE_TEST_SUITE_P(Of, PauseOfProcessOne, ::testing::Values(false),
                         [](const auto& /*row*/) { return "ProcessOne"; });

}  // namespace
}  // namespace sv::test
