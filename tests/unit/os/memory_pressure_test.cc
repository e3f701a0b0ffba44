#include "os/memory_pressure.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/temp_dir.h"

/// A plain file takes what is written to it, as the kernel's does where triggers are allowed.
namespace sv::os {
namespace {

using std::chrono::milliseconds;

constexpr PressureThreshold kSome{false, milliseconds{300}, milliseconds{2000}};

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(MemoryPressure, TheFirstFileThatTakesATriggerHasIt) {
  const test::TempDir dir;
  const std::string far = dir.write("far", "");
  const std::string near = dir.write("near", "");
  const std::vector<std::string> files{dir / "missing", dir.path().string(), near, far};
  const Result<PressureTrigger> trigger = set_pressure_trigger(files, kSome);
  ASSERT_TRUE(trigger);
  EXPECT_EQ(trigger->file, near);
  EXPECT_EQ(text_of(near), std::string("some 300000 2000000\0", 20));
  EXPECT_EQ(text_of(far), "");
}

TEST(MemoryPressure, SaysWhyNot) {
  const test::TempDir dir;
  const std::vector<std::string> missing{dir / "a", dir / "b"};
  const auto none = set_pressure_trigger(missing, kSome);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "the kernel has no pressure information");
  EXPECT_EQ(none.error().code, ErrorCode::not_found);

  // The one that is there and refuses says more than those that are not.
  const std::vector<std::string> refused{dir / "a", dir.path().string(), "/dev/full"};
  const auto forbidden = set_pressure_trigger(refused, kSome);
  ASSERT_FALSE(forbidden);
  EXPECT_EQ(forbidden.error().message, dir.path().string() + ": Is a directory");
}

}  // namespace
}  // namespace sv::os
