// One deadline for everything process 1 ends: nobody who ignores TERM makes it later.

#include <gmock/gmock.h>
#include <signal.h>

#include <chrono>
#include <string>

#include "base/text.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kForEver = "while :; do sleep 0.1; done";

class ShutdownDeadline : public MyInit {
 protected:
  /// Tells it to end; what it ended with and how long it took.
  int end_timed() {
    const auto begin = Clock::now();
    send_signal(SIGTERM);
    const int status = wait_for_end();
    took_ = Clock::now() - begin;
    return status;
  }
  void stubborn_script(const std::string& name, const std::string& word) {
    script(name, cat({"trap '' TERM; echo ", word, " >>$OUT; ", kForEver}));
  }
  void up(std::initializer_list<const char*> words) {
    for (const char* word : words) {
      wait_for_text("out", word);
    }
  }

  Clock::duration took_{};
};

TEST_F(ShutdownDeadline, WhoeverIgnoresTermEverythingEndsInTimeAndIsNamed) {
  daemon_options("shutdown_deadline=4");
  supervise(
      "[program:web]\ncommand={subject} stubborn\nstopwaitsecs=3600\n"
      "stdout_logfile={dir}/web.log\n");
  fs::create_directories(etc("service/db"));
  stubborn_script("service/db/run", "db");
  stubborn_script("my_init.pre_shutdown.d/10_hangs", "pre");
  script("my_init.post_shutdown.d/10", "echo post >>$OUT");
  stubborn_script("leftover", "leftover");
  call_with(
      cat({"-- sh -c 'setsid /etc/leftover & trap \"\" TERM; echo main >>$OUT; ", kForEver, "'"}));
  start();
  up({"main", "db", "leftover"});
  wait_for_text("web.log", "up");

  EXPECT_EQ(end_timed(), 137) << "the main command's";
  EXPECT_LT(took_, 5s);
  EXPECT_THAT(out(), HasSubstr("pre\npost\n"));
  EXPECT_THAT(console(), ContainsRegex("sh \\(PID [0-9]+\\) did not shut down in time"));
  EXPECT_THAT(console(), ContainsRegex("10_hangs \\(PID [0-9]+\\) takes too long"));
  EXPECT_THAT(console(), ContainsRegex("10_hangs \\(PID [0-9]+\\) did not shut down in time"));
  EXPECT_THAT(console(), HasSubstr("10_hangs failed with status 137"));
  EXPECT_THAT(log(), HasSubstr("web gets "));
  EXPECT_THAT(log(), HasSubstr("killing 'web'"));
  EXPECT_THAT(log(), HasSubstr("killing 'db'"));
  EXPECT_THAT(console(), ContainsRegex("\\*\\*\\* Killing .*leftover \\(PID [0-9]+\\)"));
  EXPECT_THAT(console(), ContainsRegex("Ended in [345]\\.[0-9] s of 4\\.0 s: main command "
                                       "[0-9.]+ s, scripts [0-9.]+ s, services [0-9.]+ s, "
                                       "leftovers [0-9.]+ s\n"));
}

TEST_F(ShutdownDeadline, ADaemonsProgramThatHadToBeKilledIs124) {
  daemon_options("shutdown_deadline=2");
  supervise(
      "[program:web]\ncommand={subject} stubborn\nstopwaitsecs=3600\n"
      "stdout_logfile={dir}/web.log\n");
  start();
  wait_for_text("web.log", "up");
  EXPECT_EQ(end_timed(), 124);
  EXPECT_LT(took_, 3s);
}

TEST_F(ShutdownDeadline, AShutdownScriptThatHangsIsTheStatusIfAllElseWasWell) {
  daemon_options("shutdown_deadline=2");
  supervise("");
  script("my_init.post_shutdown.d/10", cat({"echo post >>$OUT; ", kForEver}));
  script("my_init.post_shutdown.d/20", "echo never >>$OUT");
  start();
  EXPECT_EQ(end_timed(), 143);
  EXPECT_LT(took_, 3s);
  EXPECT_EQ(out(), "post\n");
}

TEST_F(ShutdownDeadline, WithoutConfigurationNineSecondsHoldForTheMainCommand) {
  call_with(cat({"--skip-runit -- sh -c 'trap \"\" TERM; echo main >>$OUT; ", kForEver, "'"}));
  start_until("out", "main");
  EXPECT_EQ(end_timed(), 137);
  EXPECT_GE(took_, 8s);
  EXPECT_LT(took_, 10s);
  EXPECT_THAT(console(), HasSubstr(" s of 9.0 s: main command 8."));
}

TEST_F(ShutdownDeadline, WhoAsksForMoreTimeGetsIt) {
  enter("export KILL_PROCESS_TIMEOUT=25");
  call_with(cat({"--skip-runit -- sh -c 'trap \"sleep 9.5; exit 3\" TERM; echo main >>$OUT; ",
                 kForEver, "'"}));
  start_until("out", "main");
  EXPECT_EQ(end_timed(), 3);
  EXPECT_GE(took_, 9s);
  EXPECT_THAT(console(), Not(HasSubstr("s of 9.0 s")));
}

}  // namespace
}  // namespace sv::test
