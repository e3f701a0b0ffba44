// One deadline for the whole end: 9 s by default here, as for process 1.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "support/init_story.h"

namespace sv::init {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::seconds kUsual{9};

class InTime : public ::testing::Test {
 protected:
  /// Serves with the main command as 50; `configured` is shutdown_deadline=.
  Story serving(Options options, Tuning tuning = {},
                std::optional<std::chrono::seconds> configured = {}) {
    Story s(std::move(options), tuning, kUsual);
    s.feed(stimulus::Begin{});
    s.scripts({});
    s.feed(stimulus::ServicesUp{configured});
    s.spawned(50);
    return s;
  }
  static Tuning asking(std::optional<std::chrono::seconds> process,
                       std::optional<std::chrono::seconds> all = {}) {
    Tuning tuning;
    tuning.kill_process.asked_for = process.has_value();
    tuning.kill_process.time = process.value_or(tuning.kill_process.time);
    tuning.kill_all.asked_for = all.has_value();
    tuning.kill_all.time = all.value_or(tuning.kill_all.time);
    return tuning;
  }
  static Duration left(const Story& s) {
    const auto deadline = s.sequence.deadline();
    return deadline ? *deadline - s.now.mono : Duration{-1};
  }
};

TEST_F(InTime, EveryPhaseGetsAnEqualShareOfWhatIsLeftForItAndThoseBehindIt) {
  Story s = serving(with_main());
  EXPECT_THAT(s.feed(stimulus::StopRequested{}),
              ElementsAre("survey", "Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  EXPECT_THAT(s.feed(stimulus::Surveyed{true, true}), IsEmpty()) << "nobody asked for the 30 s";
  EXPECT_EQ(left(s), 8500ms / 4) << "main command, scripts, services, scripts; 0.5 s are kept";

  s.now.mono += 500ms;
  s.exited(50, 0);
  EXPECT_THAT(s.scripts({"/pre"}), ElementsAre("Running /pre...", "run /pre"));
  EXPECT_EQ(left(s), Duration(8s) / 3 - 500ms) << "what the main command left is for everybody";
  s.spawned(60);
  s.now.mono += 2s;
  EXPECT_THAT(s.exited(60, 0), ElementsAre("/pre took 2.000 s", "stop services within 2.5"));

  s.now.mono += 4s;
  EXPECT_THAT(s.feed(stimulus::ServicesEnded{0}), ElementsAre("list post_shutdown"));
  s.scripts({"/post"});
  EXPECT_EQ(left(s), 1500ms);
  s.spawned(61);
  s.exited(61, 0);
  EXPECT_EQ(left(s), 2500ms) << "leftovers may take all there is";
  s.feed(stimulus::NobodyLeft{});
  EXPECT_EQ(s.summary,
            "Ended in 6.5 s of 9.0 s: main command 0.5 s, scripts 2.0 s, services 4.0 s, leftovers "
            "0.0 s");
}

TEST_F(InTime, WhatIsNotThereGetsNothing) {
  Story alone = serving(with_main());
  alone.feed(stimulus::StopRequested{});
  alone.feed(stimulus::Surveyed{});
  EXPECT_EQ(left(alone), 8500ms / 2) << "main command and services";

  Options options = with_main();
  options.skip_services = true;
  Story bare(options, {}, kUsual);
  bare.feed(stimulus::Begin{});
  bare.scripts({});
  bare.spawned(50);
  EXPECT_THAT(bare.feed(stimulus::StopRequested{}),
              ElementsAre("Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  EXPECT_EQ(left(bare), 8500ms);

  Story services = serving({});
  EXPECT_THAT(services.feed(stimulus::StopRequested{}), ElementsAre("survey", "list pre_shutdown"));
  services.feed(stimulus::Surveyed{});
  EXPECT_THAT(services.scripts({}), ElementsAre("stop services within 8.0"))
      << "half a second is the daemon's own";
}

TEST_F(InTime, TheMainCommandIsKilledAtTheEndOfItsShare) {
  Story s = serving(with_main());
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  EXPECT_THAT(s.wait(4249ms), IsEmpty());
  EXPECT_THAT(s.wait(1ms),
              ElementsAre("! app (PID 50) did not shut down in time. Forcing it to exit.",
                          "kill group 50 9"));
  s.killed(50, SIGKILL);
  EXPECT_EQ(s.sequence.exit_status(), 137);
}

TEST_F(InTime, WhatCannotBeKilledIsNotWaitedFor) {
  Story s = serving(with_main());
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  s.wait(4250ms);
  EXPECT_THAT(s.wait(Sequence::kLastGrace),
              ElementsAre("! app (PID 50) cannot be killed. Going on without it.",
                          "app exited with status 137.", "list pre_shutdown"));
  EXPECT_FALSE(s.sequence.owns(50));
}

TEST_F(InTime, AScriptThatOverrunsIsToldThenKilledAndHasFailed) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{true, false});
  s.scripts({"/pre", "/pre2"});
  s.spawned(60);
  EXPECT_THAT(s.wait(3750ms),
              ElementsAre("! /pre (PID 60) takes too long: everything must be down in time.",
                          "Shutting down /pre (PID 60)...", "kill 60 15", "kill 60 18"));
  EXPECT_THAT(s.wait(499ms), IsEmpty());
  EXPECT_THAT(s.wait(1ms),
              ElementsAre("! /pre (PID 60) did not shut down in time. Forcing it to exit.",
                          "kill group 60 9"));
  EXPECT_THAT(s.killed(60, SIGKILL),
              ElementsAre("! /pre failed with status 137\n", "stop services within 3.7"));
  EXPECT_EQ(s.sequence.exit_status(), 137);
}

TEST_F(InTime, AScriptThatEndsWhenToldHasFailedWhateverItSays) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{true, false});
  s.scripts({"/pre"});
  s.spawned(60);
  s.wait(4s);
  EXPECT_THAT(s.exited(60, 0), Contains("! /pre failed with status 143\n"));
  EXPECT_EQ(s.sequence.exit_status(), 143);
}

TEST_F(InTime, ScriptsOfOnePhaseShareItsTime) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{true, false});
  s.scripts({"/a", "/b"});
  s.spawned(60);
  s.now.mono += 1s;
  s.exited(60, 0);
  EXPECT_EQ(left(s), 2750ms);
}

TEST_F(InTime, ScriptsAfterTheServicesHaveTheirShareToo) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{false, true});
  EXPECT_THAT(s.scripts({}), ElementsAre("stop services within 3.7"));
  s.feed(stimulus::ServicesEnded{0});
  s.scripts({"/post"});
  s.spawned(60);
  s.wait(8s);
  EXPECT_EQ(left(s), 500ms);
  s.wait(500ms);
  s.killed(60, SIGKILL);
  EXPECT_EQ(s.sequence.phase(), Phase::sweeping);
  EXPECT_EQ(left(s), 500ms);
}

TEST_F(InTime, LeftoversAreKilledWhenTheDeadlineComes) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  s.scripts({});
  s.now.mono += 8500ms;
  s.feed(stimulus::ServicesEnded{124});
  s.scripts({});
  EXPECT_THAT(
      s.wait(500ms),
      ElementsAre("! Not all processes have exited in time. Forcing them to exit.", "kill all 9"));
  EXPECT_EQ(left(s), Sequence::kLastGrace);
  EXPECT_THAT(s.wait(Sequence::kLastGrace), ElementsAre("end 124"));
}

TEST_F(InTime, LeftoversCanActOnTermEvenIfAllTimeWasUsed) {
  Story s = serving({});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  s.scripts({});
  s.now.mono += 20s;
  s.feed(stimulus::ServicesEnded{124});
  s.scripts({});
  EXPECT_EQ(left(s), 100ms);
}

TEST_F(InTime, AnInterruptedBootIsBoundToo) {
  Story s({}, {}, kUsual);
  s.feed(stimulus::Begin{});
  s.scripts({"/a"});
  s.spawned(10);
  EXPECT_THAT(s.feed(stimulus::StopRequested{}),
              ElementsAre("! An error occurred. Aborting.", "Shutting down /a (PID 10)...",
                          "kill 10 15", "kill 10 18"));
  EXPECT_EQ(left(s), 8500ms);
  s.wait(8500ms);
  s.killed(10, SIGKILL);
  EXPECT_EQ(left(s), 500ms);
  s.feed(stimulus::NobodyLeft{});
  EXPECT_EQ(s.summary, "Ended in 8.5 s of 9.0 s: scripts 8.5 s, leftovers 0.0 s");
}

TEST_F(InTime, ItCountsFromWhateverEndsFirst) {
  Story by_itself = serving(with_main());
  EXPECT_THAT(by_itself.exited(50, 3),
              ElementsAre("app exited with status 3.", "survey", "list pre_shutdown"));
  by_itself.feed(stimulus::Surveyed{});
  by_itself.now.mono += 4s;
  by_itself.feed(stimulus::StopRequested{});
  EXPECT_THAT(by_itself.scripts({}), ElementsAre("stop services within 4.0"));

  Story services_first = serving(with_main());
  EXPECT_THAT(services_first.feed(stimulus::ServicesEnded{4}),
              ElementsAre("survey", "Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  services_first.feed(stimulus::Surveyed{true, true});
  EXPECT_EQ(left(services_first), 8500ms / 2) << "no services any more, so no scripts before them";

  Story failed_boot({}, {}, kUsual);
  failed_boot.feed(stimulus::Begin{});
  failed_boot.scripts({"/a"});
  failed_boot.spawned(10);
  failed_boot.exited(10, 7);
  EXPECT_EQ(left(failed_boot), 9s);
}

TEST_F(InTime, TheConfigurationOfTheLatestLifeCounts) {
  Story s = serving({}, {}, 100s);
  s.feed(stimulus::ServicesUp{4s});
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  EXPECT_THAT(s.scripts({}), ElementsAre("stop services within 3.0"));
}

TEST_F(InTime, ZeroIsNoLimit) {
  Story s = serving(with_main(), {}, 0s);
  EXPECT_THAT(s.feed(stimulus::StopRequested{}),
              ElementsAre("Shutting down app (PID 50)...", "kill 50 15", "kill 50 18"));
  EXPECT_EQ(left(s), 30s) << "its own limit";
  s.killed(50, SIGTERM);
  EXPECT_THAT(s.scripts({}), ElementsAre("stop services"));
}

TEST_F(InTime, AnEndlessConfigurationOverflowsNothing) {
  Story s = serving({}, {}, std::chrono::seconds::max());
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  s.scripts({"/pre"});
  EXPECT_GT(left(s), 24h);
}

TEST_F(InTime, OnesOwnLimitStaysTheUpperOne) {
  Story s = serving(with_main(), asking(2s, 1s));
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{});
  EXPECT_EQ(left(s), 2s);
  s.killed(50, SIGTERM);
  s.scripts({});
  s.feed(stimulus::ServicesEnded{0});
  s.scripts({});
  EXPECT_EQ(left(s), 1s);
}

TEST_F(InTime, WhoAskedForMoreThanTheDefaultIsNotCutShortByIt) {
  for (const Tuning& tuning : {asking(25s), asking(0s), asking({}, 25s), asking({}, 0s)}) {
    Story s = serving(with_main(), tuning);
    s.feed(stimulus::StopRequested{});
    EXPECT_EQ(s.sequence.state().budget.limit, std::nullopt);
  }
  Story modest = serving(with_main(), asking(9s, 5s));
  modest.feed(stimulus::StopRequested{});
  EXPECT_EQ(modest.sequence.state().budget.limit, kUsual);
}

TEST_F(InTime, WhoAskedForMoreThanIsConfiguredIsWarned) {
  Story s = serving(with_main(), asking(25s), 5s);
  s.feed(stimulus::StopRequested{});
  EXPECT_THAT(s.feed(stimulus::Surveyed{}),
              ElementsAre("! app (PID 50) gets 2.2 s of KILL_PROCESS_TIMEOUT=25: everything must "
                          "be down in time"));
}

TEST_F(InTime, NothingIsKeptForASweepThatDoesNotCome) {
  Options options = with_main();
  options.kill_all_on_exit = false;
  options.skip_services = true;
  Story s(options, {}, kUsual);
  s.feed(stimulus::Begin{});
  s.scripts({});
  s.spawned(50);
  s.feed(stimulus::StopRequested{});
  EXPECT_EQ(left(s), 9s);
}

TEST_F(InTime, ASecondStopStillDoesNotWait) {
  Story s = serving(with_main());
  s.feed(stimulus::StopRequested{});
  s.feed(stimulus::Surveyed{true, true});
  EXPECT_THAT(s.feed(stimulus::Hurry{}), ElementsAre("kill group 50 9"));
  s.killed(50, SIGKILL);
  s.scripts({"/pre"});
  s.spawned(60);
  EXPECT_THAT(s.feed(stimulus::Hurry{}), ElementsAre("kill group 60 9"));
  EXPECT_THAT(s.killed(60, SIGKILL), Contains("! /pre failed with status 137\n"));
}

}  // namespace
}  // namespace sv::init
