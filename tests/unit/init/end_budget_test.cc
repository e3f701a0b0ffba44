#include "init/end_budget.h"

#include <gtest/gtest.h>

namespace sv::init {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime kBegin{100h};

EndBudget of(std::chrono::milliseconds limit, bool with_leftovers = true) {
  EndBudget budget;
  budget.begin(kBegin, limit, with_leftovers);
  return budget;
}

TEST(EndBudget, TimeLeftIsSharedEquallyByTheTurnsThatAreLeft) {
  const EndBudget budget = of(9500ms);
  EXPECT_EQ(budget.share(3, kBegin), 3s);
  EXPECT_EQ(budget.share(2, kBegin + 1s), 4s) << "the first was quick";
  EXPECT_EQ(budget.share(1, kBegin + 9s), 0s) << "half a second is kept for the leftovers";
  EXPECT_EQ(budget.share(1, kBegin + 20s), 0s) << "never negative";
  EXPECT_EQ(budget.end_by(), kBegin + 9500ms);
}

TEST(EndBudget, AShortEndKeepsAQuarterForTheLeftovers) {
  EXPECT_EQ(of(1s).share(1, kBegin), 750ms);
  EXPECT_EQ(of(1s, false).share(1, kBegin), 1s) << "nobody is swept";
}

TEST(EndBudget, WithoutLimitNothingIsShared) {
  EndBudget budget;
  EXPECT_EQ(budget.end_by(), std::nullopt);
  EXPECT_EQ(budget.share(1, kBegin), std::nullopt);
  budget.begin(kBegin, std::nullopt, true);
  EXPECT_EQ(budget.end_by(), std::nullopt);
  EXPECT_EQ(budget.share(1, kBegin), std::nullopt);
}

TEST(EndBudget, BeginsOnce) {
  EndBudget budget = of(4s);
  budget.begin(kBegin + 1s, 100s, false);
  EXPECT_EQ(budget.end_by(), kBegin + 4s);
}

TEST(EndBudget, TellsWhoUsedHowMuch) {
  EndBudget budget = of(9s);
  budget.give_turn(EndUser::main_command, kBegin);
  budget.give_turn(std::nullopt, kBegin + 1s);
  budget.give_turn(EndUser::scripts, kBegin + 1s);
  budget.give_turn(EndUser::services, kBegin + 1100ms);
  budget.give_turn(EndUser::scripts, kBegin + 4100ms);
  budget.give_turn(EndUser::leftovers, kBegin + 4200ms);
  budget.give_turn(std::nullopt, kBegin + 4200ms);
  EXPECT_EQ(budget.summary(kBegin + 4200ms),
            "Ended in 4.2 s of 9.0 s: main command 1.0 s, scripts 0.2 s, services 3.0 s, leftovers "
            "0.0 s");
}

TEST(EndBudget, NamesNobodyWhoWasNotWaitedFor) {
  EndBudget budget;
  budget.begin(kBegin, std::nullopt, true);
  EXPECT_EQ(budget.summary(kBegin + 90ms), "Ended in 0.0 s");
}

}  // namespace
}  // namespace sv::init
