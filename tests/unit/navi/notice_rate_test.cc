#include "navi/notice_rate.h"

#include <gtest/gtest.h>

namespace sv::navi {
namespace {

using namespace std::chrono_literals;

constexpr MonoTime at(std::chrono::seconds time) {
  return MonoTime{} + 1000s + time;
}

TEST(NoticeRate, WritesSoManyInAWindowAndTellsHowManyItLeftOut) {
  NoticeRate rate(2, 10s);
  EXPECT_EQ(rate.admit("web crash", at(0s)), 0U);
  EXPECT_EQ(rate.admit("web crash", at(1s)), 0U);
  EXPECT_EQ(rate.admit("web crash", at(2s)), std::nullopt);
  EXPECT_EQ(rate.admit("web crash", at(9s)), std::nullopt);
  EXPECT_EQ(rate.admit("web crash", at(10s)), 2U) << "the first is ten seconds old";
  EXPECT_EQ(rate.admit("web crash", at(10s)), std::nullopt);
  EXPECT_EQ(rate.admit("web crash", at(11s)), 1U);
}

TEST(NoticeRate, KeepsAnAccountForEachOrigin) {
  NoticeRate rate(1, 10s);
  EXPECT_EQ(rate.admit("web crash", at(0s)), 0U);
  EXPECT_EQ(rate.admit("web crash", at(0s)), std::nullopt);
  EXPECT_EQ(rate.admit("web oom", at(0s)), 0U) << "crashes do not suppress what is worse";
  EXPECT_EQ(rate.admit("db crash", at(0s)), 0U);
}

TEST(NoticeRate, WithoutALimitWritesAll) {
  NoticeRate rate(0, 10s);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(rate.admit("web crash", at(0s)), 0U);
  }
}

TEST(NoticeRate, BoundsWhatItKeeps) {
  NoticeRate rate(1, 10s);
  for (std::size_t i = 0; i < NoticeRate::kMostOrigins; ++i) {
    ASSERT_EQ(rate.admit(std::to_string(i), at(0s)), 0U);
  }
  EXPECT_EQ(rate.admit("one more", at(0s)), 0U) << "the account of all others";
  EXPECT_EQ(rate.admit("and another", at(0s)), std::nullopt);
  EXPECT_EQ(rate.admit("0", at(0s)), std::nullopt) << "still its own account";
}

}  // namespace
}  // namespace sv::navi
