#include "shell/log_stream.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "shell/uv/timer.h"
#include "support/temp_dir.h"

namespace sv::shell {
namespace {

std::string everything(StreamSource& source) {
  std::string all;
  for (std::string piece; !(piece = source.next(3)).empty();) {
    EXPECT_LE(piece.size(), 3U);
    all += piece;
  }
  return all;
}

void turn(uv::Loop& loop) {
  for (int i = 0; i < 3; ++i) {
    loop.run_once(uv::Loop::Wait::no);
  }
}

TEST(LogSnapshot, IsTheFileAsItWasOrItsEnd) {
  test::TempDir dir;
  const std::string path = dir.write("log", "0123456789");
  const auto whole = LogSnapshot::open(path, std::nullopt);
  const auto end = LogSnapshot::open(path, 4);
  const auto more = LogSnapshot::open(path, 4000);
  ASSERT_TRUE(whole && end && more);
  dir.write("log", "0123456789 grown");
  EXPECT_FALSE((*whole)->ended());
  EXPECT_EQ(everything(**whole), "0123456789");
  EXPECT_TRUE((*whole)->ended());
  EXPECT_EQ(everything(**end), "6789");
  EXPECT_EQ(everything(**more), "0123456789");
}

TEST(LogSnapshot, EndsWhenTheFileIsTruncated) {
  test::TempDir dir;
  const std::string path = dir.write("log", "0123456789");
  const auto log = LogSnapshot::open(path, std::nullopt);
  ASSERT_TRUE(log);
  EXPECT_EQ((*log)->next(3), "012");
  std::filesystem::resize_file(path, 0);
  EXPECT_EQ((*log)->next(3), "");
  EXPECT_TRUE((*log)->ended());
}

TEST(LogSnapshot, OfAnEmptyFileEndsAtOnce) {
  test::TempDir dir;
  const auto log = LogSnapshot::open(dir.write("log", ""), std::nullopt);
  ASSERT_TRUE(log);
  EXPECT_TRUE((*log)->ended());
}

TEST(LogSnapshot, IsOfRegularFilesOnly) {
  test::TempDir dir;
  EXPECT_EQ(LogSnapshot::open(dir / "nosuch", 1).error().code, ErrorCode::not_found);
  EXPECT_EQ(LogSnapshot::open("/dev/zero", 1).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(LogSnapshot::open(dir.path(), 1).error().code, ErrorCode::invalid_argument);
}

TEST(LogStream, IsWokenWhenTheLogGrowsAndNeverEnds) {
  test::TempDir dir;
  const std::string path = dir.write("log", "old ");
  auto loop = uv::Loop::create();
  ASSERT_TRUE(loop);
  uv::Timer going_on(**loop, [] {});  // a loop with nothing to wait for does not turn
  going_on.arm(std::chrono::hours(1));
  LogTails tails(**loop);
  const LogSource source{core::ProcessId{7}, core::Channel::standard_error};
  int woken = 0;
  {
    auto follower = LogFollower::open(path, 2);
    ASSERT_TRUE(follower);
    LogStream stream(std::move(*follower), source, tails);
    stream.begin([&woken] { ++woken; });
    EXPECT_EQ(stream.next(100), "d ");
    EXPECT_EQ(stream.next(100), "");
    EXPECT_FALSE(stream.ended());
    dir.write("log", "old new");
    tails.written({core::ProcessId{8}, core::Channel::standard_error});
    tails.written(source);
    turn(**loop);
    EXPECT_EQ(woken, 1);
    EXPECT_EQ(stream.next(100), "new");
  }
  tails.written(source);
  turn(**loop);
  EXPECT_EQ(woken, 1) << "nobody is left to be woken";
}

}  // namespace
}  // namespace sv::shell
