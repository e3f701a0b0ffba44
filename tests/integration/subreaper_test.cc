// Not process 1: orphans are adopted, and the end leaves nobody behind. A shell is process 1 here.

#include <gmock/gmock.h>

#include <string>

#include "base/text.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Subreaper : public MyInit {
 protected:
  /// Runs a command line below process 1, then says in {dir}/out with which status it ended and
  /// whether the process whose pid is in {dir}/pid_of_it is still there.
  void run_below(const std::string& command_line) {
    const std::string shell = dir_.script(
        "process_one",
        cat({"#!/bin/sh\n", command_line, "\necho status $? >>$OUT\n[ ! -s ", path("pid_of_it"),
             " ] || ! kill -0 $(cat ", path("pid_of_it"), ") 2>/dev/null || echo alive >>$OUT\n"}));
    run_instead(shell);
    EXPECT_EQ(run_to_end(), 0) << console();
  }
  /// A program that detaches itself: a session of its own, and its parent is gone.
  std::string detached(const std::string& on_term) {
    script("leftover", cat({"trap '", on_term, "' TERM; echo $$ >", path("pid_of_it"),
                            "; while :; do sleep 0.1; done"}));
    return cat({"sh -c '(setsid /etc/leftover &); until [ -s ", path("pid_of_it"),
                " ]; do sleep 0.05; done; exit 3'"});
  }
  static std::string my_init(const std::string& arguments) {
    return cat({SV_MY_INIT, " ", arguments});
  }
};

TEST_F(Subreaper, WhatDetachedItselfIsTerminatedAndWaitedFor) {
  run_below(my_init("-- " + detached("echo left >>$OUT; exit")));
  EXPECT_EQ(out(), "left\nstatus 3\n");
  EXPECT_THAT(console(), HasSubstr("*** Killing all processes...\n"));
}

TEST_F(Subreaper, WhatIgnoresThatIsKilledAndNamed) {
  enter("export KILL_ALL_PROCESSES_TIMEOUT=1");
  run_below(my_init("--subreaper -- " + detached("")));
  EXPECT_EQ(out(), "status 3\n");
  EXPECT_THAT(console(), ContainsRegex("\\*\\*\\* Killing .*leftover \\(PID [0-9]+\\)"));
}

TEST_F(Subreaper, OthersAreNotTouched) {
  script("neighbour", "trap 'echo hit >>$OUT' TERM; while :; do sleep 0.1; done");
  run_below(cat({"/etc/neighbour & NEIGHBOUR=$!\n", my_init("-- sh -c 'exit 4'"),
                 "\nset -- $?; kill -KILL $NEIGHBOUR; (exit $1)"}));
  EXPECT_EQ(out(), "status 4\n");
}

TEST_F(Subreaper, WhereItIsForbiddenItGoesOnWithoutUnlessItIsAskedFor) {
  const std::string forbidden = cat({SV_FORBID_SUBREAPER, " "});
  run_below(forbidden + my_init("-- " + detached("")));
  EXPECT_EQ(out(), "status 3\nalive\n");
  EXPECT_THAT(console(), Not(HasSubstr("adopt")));

  fs::remove(path("out"));
  fs::remove(path("pid_of_it"));
  script("my_init.d/10", "echo ran >>$OUT");
  run_below(forbidden + my_init("--subreaper -- true"));
  EXPECT_EQ(out(), "status 2\n");
  EXPECT_THAT(console(), HasSubstr("--subreaper: cannot adopt orphaned processes: Operation not "
                                   "permitted"));
}

TEST_F(Subreaper, TheDaemonInsistsToo) {
  configure("");
  run_below(cat({SV_FORBID_SUBREAPER, " ", SV_MODINIT, " --subreaper -c ", path("conf")}));
  EXPECT_EQ(out(), "status 2\n");
  EXPECT_THAT(console(), HasSubstr("Error: --subreaper: cannot adopt orphaned processes"));
}

TEST_F(Subreaper, ADaemonInTheBackgroundAdoptsWhatItsProgramsLeave) {
  configure(cat({"[program:app]\ncommand=", detached(""),
                 "\nstartsecs=0\nautorestart=false\nstdout_logfile={dir}/app.log\n"}));
  run_below(
      cat({SV_SUPERVISORD, " -c ", path("conf"), " && until [ -s ", path("pid_of_it"),
           " ]; do sleep 0.05; done\n"
           "until grep -q \"PPid:.$(cat ",
           path("pid"), ")\" /proc/$(cat ", path("pid_of_it"), ")/status; do sleep 0.05; done"}));
  EXPECT_EQ(out(), "status 0\nalive\n");
}

TEST_F(Subreaper, TheDoctorTells) {
  run_below(cat({SV_MODINIT, " doctor"}));
  EXPECT_THAT(console(), HasSubstr("adopts orphans of what it starts (--subreaper)"));
  run_below(cat({SV_FORBID_SUBREAPER, " ", SV_MODINIT, " doctor"}));
  EXPECT_THAT(console(), HasSubstr("--subreaper fails"));
}

}  // namespace
}  // namespace sv::test
