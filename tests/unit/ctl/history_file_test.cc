#include "ctl/history_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_dir.h"

namespace sv::ctl {
namespace {

using Lines = std::vector<std::string>;

TEST(HistoryFile, ComesBackAsItWasSaved) {
  const test::TempDir dir;
  const std::string path = dir / "history";
  save_history(path, {"status", "tail -f h\xC3\xA9", "quit"});
  EXPECT_EQ(test::read_all(path), "status\ntail -f h\xC3\xA9\nquit\n");
  EXPECT_EQ(load_history(path), (Lines{"status", "tail -f h\xC3\xA9", "quit"}));
  struct stat status {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(HistoryFile, KeepsTheNewestLines) {
  const test::TempDir dir;
  std::string text;
  for (int i = 0; i < 1500; ++i) {
    text += std::to_string(i) + "\n";
  }
  const Lines lines = load_history(dir.write("history", text));
  ASSERT_EQ(lines.size(), kMaxHistoryLines);
  EXPECT_EQ(lines.front(), "500");
  EXPECT_EQ(lines.back(), "1499");
}

TEST(HistoryFile, ReadsTheEndOfAHugeFile) {
  const test::TempDir dir;
  const std::string text = std::string(kMaxHistoryBytes, 'x') + "\nlast\n";
  EXPECT_EQ(load_history(dir.write("history", text)), Lines{"last"});
}

TEST(HistoryFile, ThatCannotBeUsedIsIgnored) {
  const test::TempDir dir;
  EXPECT_EQ(load_history(dir / "none"), Lines{});
  EXPECT_EQ(load_history(dir.path().string()), Lines{}) << "a directory";
  save_history(dir / "no/such/file", {"x"});
}

}  // namespace
}  // namespace sv::ctl
