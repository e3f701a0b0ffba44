// stop_tree=: a stopped program leaves nobody behind, whatever its descendants did to get away.

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class StopTree : public DaemonTest {
 protected:
  StopTree() {
    // Who runs this has left the group and the session of the program.
    dir_.script("stray", cat({"#!/bin/sh\ntrap 'echo told >>", path("out"), "; exit' TERM\n",
                              "echo up >>", path("out"), "\nwhile :; do sleep 0.05; done\n"}));
    dir_.script("deaf", cat({"#!/bin/sh\ntrap '' TERM\necho up >>", path("out"),
                             "\nwhile :; do sleep 0.05; done\n"}));
    // In its group, and slower than its leader.
    dir_.script("slow",
                cat({"#!/bin/sh\ntrap 'sleep 0.3; echo slow >>", path("out"),
                     "; exit' TERM\necho up >>", path("out"), "\nwhile :; do sleep 0.05; done\n"}));
  }

  /// A program whose shell does this and then waits.
  void program(const std::string& shell, const std::string& keys) {
    dir_.script(
        "app", cat({"#!/bin/sh\ntrap 'exit 0' TERM\n", shell, "\nwhile :; do sleep 0.05; done\n"}));
    configure(cat({"[program:app]\ncommand=", path("app"), "\n", keys,
                   "stdout_logfile={dir}/app.log\nredirect_stderr=true\n"}));
  }

  /// Processes whose command line has the script's name in it.
  [[nodiscard]] int running(const std::string& script) const {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream file(entry.path() / "cmdline");
      std::stringstream text;
      text << file.rdbuf();
      count += text.str().find(path(script)) != std::string::npos ? 1 : 0;
    }
    return count;
  }

  [[nodiscard]] std::string out() const { return read_all(path("out")); }
};

TEST_F(StopTree, FindsAGrandchildThatLeftTheSession) {
  program(cat({"setsid ", path("stray"), " &"}), "stopasgroup=true\n");
  start();
  wait_for_text("out", "up");
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("stray"), 0);
  EXPECT_EQ(out(), "up\ntold\n") << "it was asked, not killed";
  EXPECT_EQ(info("app", "statename"), "STOPPED");
  call("supervisor.startProcess", {"app"});
  wait_until("another one", [this] { return running("stray") == 1; });
  stop();
}

TEST_F(StopTree, FindsADaemonWhoseParentsAreGone) {
  program(cat({"(setsid ", path("stray"), " &) ; sleep 0.1"}), "killasgroup=true\n");
  start();
  wait_for_text("out", "up");
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:app"});
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("stray"), 0);
  EXPECT_EQ(out(), "up\ntold\n");
  EXPECT_NE(log().find("app left behind 'stray' (pid "), std::string::npos) << log();
  EXPECT_NE(log().find("; they get SIGTERM as well"), std::string::npos) << log();
  stop();
}

TEST_F(StopTree, KillsWhoDoesNotListenAndNamesHim) {
  program(cat({"setsid ", path("deaf"), " &"}), "stopasgroup=true\nstopwaitsecs=1\n");
  start();
  wait_for_text("out", "up");
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("deaf"), 0);
  EXPECT_NE(log().find("app left behind 'deaf' (pid "), std::string::npos) << log();
  EXPECT_NE(log().find("; they are killed"), std::string::npos) << log();
  stop();
}

TEST_F(StopTree, WaitsForWhoIsSlowerThanTheProgram) {
  program(cat({path("slow"), " &"}), "stopasgroup=true\n");
  start();
  wait_for_text("out", "up");
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("slow"), 0);
  EXPECT_EQ(out(), "up\nslow\n");
  EXPECT_EQ(log().find("left behind"), std::string::npos) << "the group was asked: no news";
  stop();
}

TEST_F(StopTree, EndsTheStraysAtAShutdownToo) {
  program(cat({"setsid ", path("stray"), " & (setsid ", path("stray"), " &)"}),
          "stopasgroup=true\n");
  start();
  wait_until("two", [this] { return out() == "up\nup\n"; });
  stop();
  EXPECT_EQ(out(), "up\nup\ntold\ntold\n");
}

TEST_F(StopTree, CanBeSwitchedOff) {
  program(cat({"setsid ", path("stray"), " &"}), "stopasgroup=true\nstop_tree=false\n");
  start();
  wait_for_text("out", "up");
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("stray"), 1);
  stop();
}

TEST_F(StopTree, IsOffForProgramsThatAreStoppedAlone) {
  program(cat({path("stray"), " &"}), "");
  start();
  wait_for_text("out", "up");
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("stray"), 1);
  EXPECT_EQ(info("app", "statename"), "STOPPED");
  stop();
}

TEST_F(StopTree, WorksWithoutProcessGroups) {
  program(cat({path("stray"), " & setsid ", path("stray"), " &"}), "stop_tree=true\n");
  start();
  wait_until("two", [this] { return out() == "up\nup\n"; });
  call("supervisor.stopProcess", {"app"});
  EXPECT_EQ(running("stray"), 0);
  EXPECT_EQ(out(), "up\nup\ntold\ntold\n");
  stop();
}

}  // namespace
}  // namespace sv::test
