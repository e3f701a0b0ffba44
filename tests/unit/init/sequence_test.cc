#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

#include "support/init_story.h"

namespace sv::init {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(InitSequence, BootRunsScriptsInOrderAndImportsAfterEach) {
  Story s;
  EXPECT_THAT(s.feed(stimulus::Begin{}), ElementsAre("list boot"));
  EXPECT_THAT(s.scripts({"/a", "/b"}), ElementsAre("Running /a...", "run /a"));
  s.spawned(10);
  s.now.mono += 1234ms;
  EXPECT_THAT(s.exited(10, 0), ElementsAre("/a took 1.234 s", "import", "Running /b...", "run /b"));
  s.spawned(11);
  EXPECT_THAT(s.exited(11, 0), ElementsAre("/b took 0.000 s", "import", "start services"));
  EXPECT_EQ(s.sequence.phase(), Phase::serving);
}

TEST(InitSequence, TheInsecureKeyComesFirst) {
  Options options;
  options.enable_insecure_key = true;
  Story s(options);
  EXPECT_THAT(s.feed(stimulus::Begin{}),
              ElementsAre("Installing insecure SSH key for user root", "list boot"));
  EXPECT_THAT(s.scripts({"/a"}), ElementsAre("Running /usr/sbin/enable_insecure_key...",
                                             "run /usr/sbin/enable_insecure_key"));
}

TEST(InitSequence, SkippedStartupFilesAreNotLookedFor) {
  Options options;
  options.skip_startup_files = true;
  EXPECT_THAT(Story(options).feed(stimulus::Begin{}), ElementsAre("start services"));
}

TEST(InitSequence, AFailedScriptEndsTheBootWithItsStatus) {
  Story s;
  s.feed(stimulus::Begin{});
  s.scripts({"/a", "/b"});
  s.spawned(10);
  EXPECT_THAT(s.exited(10, 7), ElementsAre("! /a failed with status 7\n",
                                           "Killing all processes...", "kill all 15"));
  EXPECT_THAT(s.feed(stimulus::NobodyLeft{}), ElementsAre("end 7"));
}

TEST(InitSequence, ASignalledScriptFailsLikeAShellsCommand) {
  Story s;
  s.feed(stimulus::Begin{});
  s.scripts({"/a"});
  s.spawned(10);
  s.killed(10, SIGKILL);
  EXPECT_EQ(s.sequence.exit_status(), 137);
}

TEST(InitSequence, AScriptThatCannotBeExecutedFailsTheBoot) {
  Story s;
  s.feed(stimulus::Begin{});
  s.scripts({"/a"});
  EXPECT_THAT(
      s.feed(stimulus::SpawnFailed{ENOEXEC}),
      ElementsAre("! /a cannot be executed: Exec format error (no interpreter line?)",
                  "! /a failed with status 126\n", "Killing all processes...", "kill all 15"));
  EXPECT_EQ(s.sequence.exit_status(), 126);
  EXPECT_EQ(status_of_spawn_failure(ENOENT), 127);
}

TEST(InitSequence, AStopInterruptsTheScript) {
  Story s;
  s.feed(stimulus::Begin{});
  s.scripts({"/a", "/b"});
  s.spawned(10);
  EXPECT_THAT(s.feed(stimulus::StopRequested{}),
              ElementsAre("! An error occurred. Aborting.", "Shutting down /a (PID 10)...",
                          "kill 10 15", "kill 10 18"));
  EXPECT_THAT(s.wait(29s), IsEmpty());
  EXPECT_THAT(s.wait(1s),
              ElementsAre("! /a (PID 10) did not shut down in time. Forcing it to exit.",
                          "kill group 10 9"));
  EXPECT_THAT(s.killed(10, SIGKILL), ElementsAre("Killing all processes...", "kill all 15"));
  EXPECT_THAT(s.feed(stimulus::NobodyLeft{}), ElementsAre("! Init system aborted.", "end 2"));
}

TEST(InitSequence, ASecondStopKillsTheScriptAtOnce) {
  Story s;
  s.feed(stimulus::Begin{});
  s.scripts({"/a"});
  s.spawned(10);
  s.feed(stimulus::StopRequested{});
  EXPECT_THAT(s.feed(stimulus::Hurry{}), ElementsAre("kill group 10 9"));
}

TEST(InitSequence, NoTimeoutMeansWaiting) {
  Tuning tuning;
  tuning.kill_process.time = 0s;
  tuning.kill_all.time = 0s;
  Story s(with_main(), tuning);
  s.serve();
  s.feed(stimulus::StopRequested{});
  EXPECT_FALSE(s.sequence.deadline());
}

TEST(InitSequence, TheMainCommandStartsWhenServicesAreUp) {
  Story s(with_main());
  s.feed(stimulus::Begin{});
  EXPECT_THAT(s.scripts({}), ElementsAre("start services"));
  EXPECT_THAT(s.feed(stimulus::ServicesUp{}), ElementsAre("Running app -x...", "start main"));
  EXPECT_THAT(s.feed(stimulus::ServicesUp{}), IsEmpty()) << "a reload starts nothing twice";
}

TEST(InitSequence, WithoutServicesTheMainCommandIsAllThereIs) {
  Options options = with_main();
  options.skip_services = true;
  Story s(options);
  s.feed(stimulus::Begin{});
  EXPECT_THAT(s.scripts({}), ElementsAre("Running app -x...", "start main"));
  s.spawned(50);
  EXPECT_THAT(s.exited(50, 0),
              ElementsAre("app exited with status 0.", "Killing all processes...", "kill all 15"));
}

TEST(InitSequence, TheEndOfTheMainCommandIsTheEndOfEverythingInOrder) {
  Story s(with_main());
  s.serve();
  EXPECT_TRUE(s.sequence.owns(50));
  EXPECT_THAT(s.exited(50, 3), ElementsAre("app exited with status 3.", "list pre_shutdown"));
  EXPECT_THAT(s.scripts({"/pre"}), ElementsAre("Running /pre...", "run /pre"));
  s.spawned(60);
  EXPECT_THAT(s.exited(60, 0), ElementsAre("/pre took 0.000 s", "stop services"));
  EXPECT_THAT(s.feed(stimulus::ServicesEnded{0}), ElementsAre("list post_shutdown"));
  EXPECT_THAT(s.scripts({}), ElementsAre("Killing all processes...", "kill all 15"));
  EXPECT_THAT(s.feed(stimulus::NobodyLeft{}), ElementsAre("end 3"));
}

TEST(InitSequence, ASignalledMainCommandIs128AndTheSignal) {
  Story s(with_main());
  s.serve();
  EXPECT_THAT(s.killed(50, SIGSEGV),
              ElementsAre("app exited with status 139.", "list pre_shutdown"));
  EXPECT_EQ(s.sequence.exit_status(), 139);
}

TEST(InitSequence, AMainCommandThatCannotBeExecutedEndsEverything) {
  Story s(with_main());
  s.feed(stimulus::Begin{});
  s.scripts({});
  s.feed(stimulus::ServicesUp{});
  EXPECT_THAT(s.feed(stimulus::SpawnFailed{ENOENT}),
              ElementsAre("! app cannot be executed: No such file or directory",
                          "app exited with status 127.", "list pre_shutdown"));
  EXPECT_EQ(s.sequence.exit_status(), 127);
}

TEST(InitSequence, AStopEndsTheMainCommandBeforeTheServices) {
  Story s(with_main());
  s.serve();
  EXPECT_THAT(s.feed(stimulus::StopRequested{}),
              ElementsAre("Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  EXPECT_THAT(s.feed(stimulus::StopRequested{}), IsEmpty());
  EXPECT_THAT(s.killed(50, SIGTERM),
              ElementsAre("app exited with status 143.", "list pre_shutdown"));
}

TEST(InitSequence, AProgramThatDecidesDoesSoBesideAMainCommandToo) {
  for (const int status : {5, 0}) {
    Story s(with_main());
    s.serve();
    s.feed(stimulus::StopRequested{status});
    s.killed(50, SIGTERM);
    s.scripts({});
    s.feed(stimulus::ServicesEnded{status});
    EXPECT_EQ(s.sequence.exit_status(), status);
  }
  Story late(with_main());
  late.serve();
  late.exited(50, 3);
  late.feed(stimulus::StopRequested{5});
  EXPECT_EQ(late.sequence.exit_status(), 3) << "the first one decides";
}

TEST(InitSequence, AStopWithoutMainCommandIsCleanAndSaysNothing) {
  Story s;
  s.serve();
  EXPECT_THAT(s.feed(stimulus::StopRequested{}), ElementsAre("list pre_shutdown"));
  EXPECT_THAT(s.scripts({}), ElementsAre("stop services"));
  s.feed(stimulus::ServicesEnded{0});
  s.scripts({});
  EXPECT_THAT(s.feed(stimulus::NobodyLeft{}), ElementsAre("end 0"));
}

TEST(InitSequence, ServicesThatCouldNotBeginEndItWithTheirStatus) {
  Story s(with_main());
  s.feed(stimulus::Begin{});
  s.scripts({});
  EXPECT_THAT(s.feed(stimulus::ServicesEnded{2}),
              ElementsAre("Killing all processes...", "kill all 15"));
  EXPECT_THAT(s.feed(stimulus::NobodyLeft{}), ElementsAre("end 2"));
}

TEST(InitSequence, ServicesThatEndByThemselvesTakeTheMainCommandAlong) {
  Story s(with_main());
  s.serve();
  EXPECT_THAT(s.feed(stimulus::ServicesEnded{4}),
              ElementsAre("Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  EXPECT_THAT(s.killed(50, SIGTERM),
              ElementsAre("app exited with status 143.", "list post_shutdown"));
  EXPECT_EQ(s.sequence.exit_status(), 4);
}

TEST(InitSequence, AFailedShutdownScriptSkipsTheOthersAndShowsInACleanStatusOnly) {
  Story s;
  s.serve();
  s.feed(stimulus::StopRequested{});
  s.scripts({"/pre1", "/pre2"});
  s.spawned(60);
  EXPECT_THAT(s.exited(60, 9), ElementsAre("! /pre1 failed with status 9\n", "stop services"));
  EXPECT_EQ(s.sequence.exit_status(), 9);

  Story failed(with_main());
  failed.serve();
  failed.exited(50, 3);
  failed.scripts({"/pre"});
  failed.spawned(60);
  failed.exited(60, 9);
  EXPECT_EQ(failed.sequence.exit_status(), 3);
}

TEST(InitSequence, WhatOutlivesTheSweepIsKilled) {
  Story s;
  s.serve();
  s.feed(stimulus::StopRequested{});
  s.scripts({});
  s.feed(stimulus::ServicesEnded{0});
  s.scripts({});
  EXPECT_THAT(
      s.wait(30s),
      ElementsAre("! Not all processes have exited in time. Forcing them to exit.", "kill all 9"));
  EXPECT_THAT(s.wait(1s), ElementsAre("end 0"));
}

TEST(InitSequence, NobodyIsSweptWhenAskedNotToOrNotProcessOne) {
  Options options;
  options.kill_all_on_exit = false;
  Story s(options);
  s.feed(stimulus::Begin{});
  s.scripts({});
  EXPECT_THAT(s.feed(stimulus::ServicesEnded{2}), ElementsAre("end 2"));

  Sequence other({{}, {}, false, {}});
  (void)other.feed(stimulus::Begin{}, s.now);
  (void)other.feed(stimulus::Scripts{}, s.now);
  EXPECT_THAT(other.feed(stimulus::ServicesEnded{2}, s.now),
              ElementsAre(Effect{effect::Say{false, "Ended in 0.0 s"}}, Effect{effect::End{2}}));
}

TEST(InitSequence, StrangersEndsAreNotItsBusiness) {
  Story s(with_main());
  s.serve();
  EXPECT_FALSE(s.sequence.owns(999));
  EXPECT_FALSE(s.sequence.owns(0));
  EXPECT_THAT(s.exited(999, 1), IsEmpty());
}

}  // namespace
}  // namespace sv::init
