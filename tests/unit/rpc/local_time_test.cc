#include "rpc/local_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace sv::rpc {
namespace {

WallTime at(std::int64_t seconds) {
  return WallTime{std::chrono::seconds{seconds}};
}

class LocalTime : public ::testing::Test {
 protected:
  static void use_zone(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  void SetUp() override { use_zone("UTC"); }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

TEST_F(LocalTime, IsEnglishWithTwelveHours) {
  EXPECT_EQ(short_local_time(at(1795400040)), "Nov 23 02:14 AM");
  EXPECT_EQ(short_local_time(at(1795400040 + 12 * 3600)), "Nov 23 02:14 PM");
  EXPECT_EQ(short_local_time(at(0)), "Jan 01 12:00 AM");
  EXPECT_EQ(short_local_time(at(12 * 3600)), "Jan 01 12:00 PM");
}

TEST_F(LocalTime, OfMessagesIsThatOfCtime) {
  EXPECT_EQ(full_local_time(at(1795400839)), "Mon Nov 23 02:27:19 2026");
  EXPECT_EQ(full_local_time(at(0)), "Thu Jan  1 00:00:00 1970");
}

TEST_F(LocalTime, FollowsTheTimeZone) {
  use_zone("XXX-05:30");
  EXPECT_EQ(short_local_time(at(0)), "Jan 01 05:30 AM");
}

}  // namespace
}  // namespace sv::rpc
