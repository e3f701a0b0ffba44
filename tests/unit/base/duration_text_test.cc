#include "base/duration_text.h"

#include <gtest/gtest.h>

namespace sv {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, TenthsOfASecondAreEnoughForPeople) {
  EXPECT_EQ(decimal_seconds(0s), "0.0");
  EXPECT_EQ(decimal_seconds(99ms), "0.0");
  EXPECT_EQ(decimal_seconds(2599ms), "2.5");
  EXPECT_EQ(decimal_seconds(3600s), "3600.0");
  EXPECT_EQ(decimal_seconds(-1ns), "0.0");
}

}  // namespace
}  // namespace sv
