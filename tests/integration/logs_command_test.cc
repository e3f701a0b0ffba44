// modctl against the daemon: what only both together can do.

#include <sys/wait.h>

#include <cstdio>
#include <memory>
#include <string>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class LogsCommand : public DaemonTest {
 protected:
  /// What modctl prints, with its exit status where that is not 0.
  std::string modctl(const std::string& arguments) {
    const std::string command =
        std::string(SV_MODCTL) + " -s unix://" + path("sock") + " " + arguments + " 2>&1";
    std::FILE* pipe = ::popen(command.c_str(), "re");
    std::string text;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
      text.append(buffer, n);
    }
    const int status = ::pclose(pipe);
    if (status != 0) {
      text += "[" + std::to_string(WEXITSTATUS(status)) + "]";
    }
    return text;
  }

  /// Runs the program once more and waits for its end.
  void run_again() {
    call("supervisor.startProcess", {"p"});
    wait_for_event({"PROCESS_STATE_EXITED", "processname:p"});
  }
};

TEST_F(LogsCommand, ShowsWhatTheLastRunWrote) {
  dir_.write("runs", "");
  dir_.write("script",
             "echo run >> $1/runs; echo run $(grep -c run $1/runs); echo more; echo error >&2\n");
  configure(
      "[program:p]\ncommand=/bin/sh {dir}/script {dir}\nstartsecs=0\nautorestart=false\n"
      "autostart=false\nstdout_logfile={dir}/p.log\nstderr_logfile={dir}/p.err\n"
      "[program:q]\ncommand=/bin/sh -c 'echo up; exec sleep 1000'\nstartsecs=0\n"
      "redirect_stderr=true\nstdout_logfile={dir}/q.log\n");
  dir_.write("p.log", "of another daemon\n");
  dir_.write("q.log", "of another daemon\n");
  start();
  wait_for_text("q.log", "up");
  EXPECT_EQ(modctl("logs --since-start p"), "") << "it has not run yet";
  EXPECT_EQ(modctl("logs --since-start q"), "up\n");
  run_again();
  run_again();
  EXPECT_EQ(read_all(path("p.log")), "of another daemon\nrun 1\nmore\nrun 2\nmore\n");
  EXPECT_EQ(modctl("logs --since-start p"), "run 2\nmore\n");
  EXPECT_EQ(modctl("logs --since-start -n 1 p"), "more\n");
  EXPECT_EQ(modctl("logs --since-start --stderr p"), "error\n");
  EXPECT_EQ(modctl("clear p"), "p: cleared\n");
  EXPECT_EQ(modctl("logs --since-start p"), "");
  run_again();
  EXPECT_EQ(modctl("logs --since-start p"), "run 3\nmore\n");
  EXPECT_EQ(modctl("clear q"), "q: cleared\n");
  EXPECT_EQ(modctl("logs --since-start q"), "");
  stop();
}

}  // namespace
}  // namespace sv::test
