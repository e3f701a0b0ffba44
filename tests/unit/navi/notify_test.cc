#include "navi/notify.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>

#include "navi/notice_directory.h"
#include "support/temp_dir.h"

namespace sv::navi {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr WallTime kMoment{1795400754s};
const std::string kContent = R"({"Header":{},"Metadata":{}})";

std::set<std::string> entries(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

NoticeWriter writer_in(const std::string& directory) {
  return NoticeWriter({.directory = directory, .sync = false});
}

TEST(NoticeNames, AreDigitsOnly) {
  EXPECT_EQ(notice_number("1795400754.json"), 1795400754);
  EXPECT_EQ(notice_number("0.json"), 0);
  for (const char* other :
       {"", ".json", "a.json", "-1.json", "+1.json", "01.json", "1.json.tmp", "1", "1 .json",
        "1795400754000000000.json", "99999999999999999999.json"}) {
    EXPECT_EQ(notice_number(other), std::nullopt) << other;
  }
  EXPECT_EQ(notice_name(5), "5.json");
}

TEST(NoticeNames, OfTemporariesTellTheWriter) {
  EXPECT_EQ(temporary_name(12, 3), ".navi-12-3.tmp");
  EXPECT_EQ(temporary_owner(".navi-12-3.tmp"), 12);
  for (const char* other : {".navi-12.tmp", ".navi-x-3.tmp", ".navi-12-x.tmp", "navi-12-3.tmp",
                            ".navi--1-3.tmp", ".navi-12-3.json"}) {
    EXPECT_EQ(temporary_owner(other), std::nullopt) << other;
  }
}

TEST(NoticeWriter, WritesACompleteReadableFile) {
  const test::TempDir dir;
  NoticeWriter writer({.directory = dir.path().string()});
  const auto path = writer.write(kContent, kMoment);
  ASSERT_TRUE(path.has_value()) << path.error().message;
  EXPECT_EQ(*path, dir / "1795400754.json");
  EXPECT_EQ(test::read_all(*path), kContent);
  struct stat status {};
  ASSERT_EQ(::stat(path->c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0644U);
  EXPECT_EQ(status.st_nlink, 1U);
  EXPECT_EQ(entries(dir.path()).size(), 1U) << "no temporary is left";
}

TEST(NoticeWriter, GivesNoticesOfOneSecondNamesOfTheirOwn) {  // N1
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir.path().string());
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  }
  const auto later = writer.write(kContent, kMoment + 5s);
  EXPECT_EQ(later.value(), dir / "1795400774.json") << "names only grow";
  EXPECT_EQ(entries(dir.path()).size(), 21U);
}

TEST(NoticeWriter, DoesNotUseANameAgainThatAReaderHasRemoved) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir.path().string());
  const auto first = writer.write(kContent, kMoment);
  fs::remove(first.value());
  EXPECT_EQ(writer.write(kContent, kMoment).value(), dir / "1795400755.json");
}

TEST(NoticeWriter, GoesOnAfterTheHighestNumberItFinds) {
  const test::TempDir dir;
  dir.write("1895400754.json", "x");
  dir.write("17.json", "x");
  dir.write("1795400754000000000.json", "another program's");
  NoticeWriter writer = writer_in(dir.path().string());
  EXPECT_EQ(writer.write(kContent, kMoment).value(), dir / "1895400755.json");
}

TEST(NoticeWriter, DoesNotGoBackWithTheClock) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir.path().string());
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  EXPECT_EQ(writer.write(kContent, kMoment - 24h).value(), dir / "1795400755.json");
}

TEST(NoticeWriter, NeverReplacesAFileThatAppearsMeanwhile) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir.path().string());
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  dir.write("1795400755.json", "somebody else's");
  EXPECT_EQ(writer.write(kContent, kMoment).value(), dir / "1795400756.json");
  EXPECT_EQ(test::read_all(dir / "1795400755.json"), "somebody else's");
}

TEST(NoticeWriter, RemovesWhatDeadWritersLeftAndNothingElse) {
  const test::TempDir dir;
  const std::string dead = dir.write(temporary_name(0x3FFFFFFF, 0), "half");
  const std::string own = dir.write(temporary_name(::getpid(), 7), "half");
  const std::string alive = dir.write(temporary_name(::getppid(), 0), "half");
  const std::string foreign = dir.write(".navi-x.tmp", "keep");
  NoticeWriter writer = writer_in(dir.path().string());
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_FALSE(fs::exists(own));
  EXPECT_TRUE(fs::exists(alive));
  EXPECT_TRUE(fs::exists(foreign));
}

TEST(NoticeWriter, CreatesAMissingDirectoryWheneverItIsMissing) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir / "new/");
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  fs::remove_all(dir / "new");
  EXPECT_EQ(writer.write(kContent, kMoment).value(), dir / "new/1795400755.json");
}

TEST(NoticeWriter, LooksAroundAgainInAnotherDirectoryOfThatName) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir / "out");
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  fs::rename(dir / "out", dir / "old");  // stays, so that its inode is not given to the new one
  fs::create_directory(dir / "out");
  dir.write("out/1795400900.json", "x");
  EXPECT_EQ(writer.write(kContent, kMoment).value(), dir / "out/1795400901.json");
}

TEST(NoticeWriter, SaysWhereAndWhyItCannotWrite) {
  const test::TempDir dir;
  NoticeWriter missing = writer_in(dir / "a/b");
  const auto result = missing.write(kContent, kMoment);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().message,
            "cannot open notice directory '" + (dir / "a/b") + "': No such file or directory");

  const std::string file = dir.write("file", "x");
  EXPECT_FALSE(writer_in(file).write(kContent, kMoment).has_value());

  fs::create_directory(dir / "real");
  fs::create_directory_symlink(dir / "real", dir / "link");
  const auto link = writer_in(dir / "link/").write(kContent, kMoment);
  ASSERT_FALSE(link.has_value());
  EXPECT_NE(link.error().message.find("links are not followed"), std::string::npos);
}

TEST(NoticeWriter, LeavesNothingBehindWhenNoNameIsFree) {
  const test::TempDir dir;
  NoticeWriter writer = writer_in(dir.path().string());
  ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  for (int i = 1; i <= NoticeWriter::kMaxNameAttempts; ++i) {
    dir.write(notice_name(1795400754 + i), "taken");
  }
  EXPECT_FALSE(writer.write(kContent, kMoment).has_value());
  for (const std::string& name : entries(dir.path())) {
    EXPECT_EQ(temporary_owner(name), std::nullopt) << name;
  }
  EXPECT_TRUE(writer.write(kContent, kMoment).has_value()) << "the next attempt looks further";
}

TEST(NoticeWriter, RemovesTheOldestBeyondANumberOfFiles) {  // N12
  const test::TempDir dir;
  NoticeWriter writer({.directory = dir.path().string(), .sync = false, .max_files = 3});
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  }
  EXPECT_EQ(entries(dir.path()),
            (std::set<std::string>{"1795400757.json", "1795400758.json", "1795400759.json"}));
}

TEST(NoticeWriter, RemovesTheOldestBeyondASize) {
  const test::TempDir dir;
  const std::string hundred = kContent + std::string(100 - kContent.size(), ' ');
  dir.write("1.json", hundred);
  dir.write("2.json", hundred);
  NoticeWriter writer({.directory = dir.path().string(), .sync = false, .max_bytes = 220});
  ASSERT_TRUE(writer.write(hundred, kMoment).has_value());
  EXPECT_EQ(entries(dir.path()), (std::set<std::string>{"2.json", "1795400754.json"}));
  const std::string large = kContent + std::string(1000, ' ');
  ASSERT_TRUE(writer.write(large, kMoment).has_value());
  EXPECT_EQ(entries(dir.path()), (std::set<std::string>{"1795400755.json"}))
      << "the newest stays although it is too large";
}

TEST(NoticeWriter, RemovesNoForeignFiles) {
  const test::TempDir dir;
  dir.write("1.json", R"({"other":"program"})");
  dir.write("notes.json", kContent);
  fs::create_directory(dir / "2.json");
  NoticeWriter writer({.directory = dir.path().string(), .sync = false, .max_files = 1});
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  }
  EXPECT_EQ(entries(dir.path()),
            (std::set<std::string>{"1.json", "notes.json", "2.json", "1795400757.json"}));
}

TEST(NoticeWriter, KeepsEverythingWithoutLimits) {
  const test::TempDir dir;
  NoticeWriter writer(
      {.directory = dir.path().string(), .sync = false, .max_files = 0, .max_bytes = 0});
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(writer.write(kContent, kMoment).has_value());
  }
  EXPECT_EQ(entries(dir.path()).size(), 50U);
}

class Publish : public testing::TestWithParam<PublishMethod> {};

TEST_P(Publish, NamesAFileWithoutReplacingAnother) {
  const test::TempDir dir;
  const UniqueFd fd = std::move(open_directory(dir.path().string()).value());
  dir.write("temporary", "new");
  EXPECT_EQ(publish(fd.get(), "temporary", "1.json", GetParam()), 0);
  EXPECT_EQ(entries(dir.path()), (std::set<std::string>{"1.json"}));
  dir.write("temporary", "newer");
  EXPECT_EQ(publish(fd.get(), "temporary", "1.json", GetParam()), EEXIST);
  EXPECT_EQ(test::read_all(dir / "1.json"), "new");
  EXPECT_EQ(publish(fd.get(), "missing", "2.json", GetParam()), ENOENT);
}

INSTANTIATE_TEST_SUITE_P(AllMethods, Publish,
                         testing::Values(PublishMethod::link, PublishMethod::rename_no_replace,
                                         PublishMethod::rename));

TEST(PublishMethods, FallBackOnlyWhereTheMethodIsTheTrouble) {
  EXPECT_EQ(next_method(PublishMethod::link, EPERM), PublishMethod::rename_no_replace);
  EXPECT_EQ(next_method(PublishMethod::link, EOPNOTSUPP), PublishMethod::rename_no_replace);
  EXPECT_EQ(next_method(PublishMethod::rename_no_replace, EINVAL), PublishMethod::rename);
  EXPECT_EQ(next_method(PublishMethod::rename_no_replace, ENOSYS), PublishMethod::rename);
  EXPECT_EQ(next_method(PublishMethod::rename, EPERM), std::nullopt);
  for (const int error : {EEXIST, ENOSPC, EROFS, ENOENT, EIO, EACCES}) {
    EXPECT_EQ(next_method(PublishMethod::link, error), std::nullopt) << error;
  }
}

}  // namespace
}  // namespace sv::navi
