#include "core/log_rotation.h"

#include <gtest/gtest.h>

#include <limits>

namespace sv::core {
namespace {

using Kind = RotationStep::Kind;

TEST(LogRotation, HappensOnceTheWriteReachesTheLimit) {
  const RotationLimits limits{.max_bytes = 100, .backups = 3};
  EXPECT_FALSE(rotates_after_write(limits, 0, 0));
  EXPECT_FALSE(rotates_after_write(limits, 50, 49));
  EXPECT_TRUE(rotates_after_write(limits, 50, 50));
  EXPECT_TRUE(rotates_after_write(limits, 50, 5000));
  EXPECT_TRUE(rotates_after_write(limits, 100, 1)) << "a file that is already too large";
}

TEST(LogRotation, NeverHappensWithoutALimit) {
  EXPECT_FALSE(rotates_after_write({.max_bytes = 0, .backups = 3}, 1U << 30U, 1U << 30U));
}

TEST(LogRotation, DoesNotOverflow) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  EXPECT_FALSE(rotates_after_write({.max_bytes = kMax}, kMax - 2, 1));
  EXPECT_TRUE(rotates_after_write({.max_bytes = kMax - 1}, kMax - 2, kMax));
}

TEST(LogRotation, PlanMovesEveryBackupUpAndDropsTheOldest) {
  const std::vector<RotationStep> expected{
      {Kind::remove, "/l/a.log.3", ""},
      {Kind::rename, "/l/a.log.2", "/l/a.log.3"},
      {Kind::rename, "/l/a.log.1", "/l/a.log.2"},
      {Kind::rename, "/l/a.log", "/l/a.log.1"},
  };
  EXPECT_EQ(rotation_plan("/l/a.log", 3), expected);
}

TEST(LogRotation, PlanWithOneBackupReplacesIt) {
  const std::vector<RotationStep> expected{
      {Kind::remove, "a.1", ""},
      {Kind::rename, "a", "a.1"},
  };
  EXPECT_EQ(rotation_plan("a", 1), expected);
}

TEST(LogRotation, PlanIsEmptyWhenTheFileIsJustTruncated) {
  EXPECT_TRUE(rotation_plan("a", 0).empty());
  EXPECT_TRUE(rotation_plan("a", -1).empty());
}

TEST(LogRotation, PlanIsBounded) {
  EXPECT_EQ(rotation_plan("a", std::numeric_limits<int>::max()).size(),
            static_cast<std::size_t>(kMaxBackups) + 1);
}

}  // namespace
}  // namespace sv::core
