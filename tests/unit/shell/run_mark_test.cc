#include "shell/run_mark.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.h"

namespace sv::shell {
namespace {

constexpr WallTime kNow{std::chrono::seconds{1'795'400'000}};

TEST(RunMark, WhatIsWrittenIsRead) {
  for (const RunMarkText& mark :
       {RunMarkText{"2026-11-23T02:25:54Z", "box", "1/12345/box", 7}, RunMarkText{},
        RunMarkText{"a=b", "kills=9", " x ", std::nullopt}}) {
    EXPECT_EQ(read_run_mark(write_run_mark(mark)), mark) << write_run_mark(mark);
  }
}

TEST(RunMark, WhatIsNoMarkHasNothing) {
  for (const char* text : {"", "\n\n", "kills=many\n", "kills=-1\n", "kills", "{\"Header\":{}}",
                           "kills=99999999999999999999\n", " started=x\n"}) {
    EXPECT_EQ(read_run_mark(text), RunMarkText{}) << text;
  }
  EXPECT_EQ(read_run_mark("host=a\nhost=b").host, "a");
}

TEST(RunMark, TellsOfARunThatDidNotTakeItAway) {
  const test::TempDir dir;
  RunMark mark(dir.path().string());
  EXPECT_FALSE(mark.begin(kNow, 3)) << "the first run";
  EXPECT_FALSE(mark.begin(kNow, 4)) << "this very process again: a reload";
  mark.remove();
  EXPECT_FALSE(std::filesystem::exists(dir / RunMark::kName));

  dir.write(RunMark::kName, write_run_mark({"then", "there", "1/1/there", 5}));
  const auto previous = mark.begin(kNow, 9);
  ASSERT_TRUE(previous);
  EXPECT_EQ(previous->text, "started then on there");
  EXPECT_EQ(previous->kills, 5U);
}

TEST(RunMark, WhatIsThereInsteadIsNotHarmed) {
  const test::TempDir dir;
  dir.write("elsewhere", "mine");
  std::filesystem::create_symlink(dir / "elsewhere", dir / RunMark::kName);
  RunMark mark(dir.path().string());
  static_cast<void>(mark.begin(kNow, std::nullopt));
  EXPECT_EQ(std::filesystem::file_size(dir / "elsewhere"), 4U);
  dir.write("file", "");
  EXPECT_FALSE(RunMark(dir / "file").begin(kNow, 1)) << "no directory";
  EXPECT_FALSE(RunMark(std::nullopt).begin(kNow, 1));
}

}  // namespace
}  // namespace sv::shell
