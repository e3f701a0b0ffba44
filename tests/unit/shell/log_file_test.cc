#include "shell/log_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>

#include "support/temp_dir.h"

namespace sv::shell {
namespace {

using test::read_all;
using test::TempDir;

std::unique_ptr<LogFile> open_log(const TempDir& dir, std::uint64_t max_bytes, int backups) {
  auto file = LogFile::open({.path = dir / "log", .limits = {max_bytes, backups}, .mode = 0666});
  EXPECT_TRUE(file);
  return std::move(*file);
}

/// Every file of the directory with its content.
std::map<std::string, std::string> contents(const TempDir& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    files[entry.path().filename().string()] = read_all(entry.path());
  }
  return files;
}

using Files = std::map<std::string, std::string>;

TEST(LogFile, AppendsToWhatIsThere) {
  TempDir dir;
  dir.write("log", "old\n");
  const auto log = open_log(dir, 0, 0);
  log->write("new\n");
  EXPECT_EQ(contents(dir), (Files{{"log", "old\nnew\n"}}));
}

TEST(LogFile, TheChunkThatReachesTheLimitStaysInTheOldFile) {
  TempDir dir;
  const auto log = open_log(dir, 10, 2);
  log->write("123456789");
  EXPECT_EQ(contents(dir), (Files{{"log", "123456789"}}));
  log->write("0abc");
  EXPECT_EQ(contents(dir), (Files{{"log", ""}, {"log.1", "1234567890abc"}}));
  log->write("x");
  EXPECT_EQ(contents(dir), (Files{{"log", "x"}, {"log.1", "1234567890abc"}}));
}

TEST(LogFile, BackupsMoveUpAndTheOldestGoes) {
  TempDir dir;
  const auto log = open_log(dir, 1, 2);
  for (const char* text : {"a", "b", "c", "d"}) {
    EXPECT_EQ(log->write(text).err, 0);
  }
  EXPECT_EQ(contents(dir), (Files{{"log", ""}, {"log.1", "d"}, {"log.2", "c"}}));
}

TEST(LogFile, WithoutBackupsTheFileIsEmptied) {
  for (const int backups : {0, -3}) {
    TempDir dir;
    const auto log = open_log(dir, 4, backups);
    log->write("12345");
    EXPECT_EQ(contents(dir), (Files{{"log", ""}}));
    log->write("6");
    EXPECT_EQ(contents(dir), (Files{{"log", "6"}}));
  }
}

TEST(LogFile, AFileThatIsTooLargeAlreadyIsRotatedAfterTheNextWrite) {
  TempDir dir;
  dir.write("log", std::string(100, 'o'));
  const auto log = open_log(dir, 10, 1);
  EXPECT_EQ(contents(dir).size(), 1U);
  log->write("n");
  EXPECT_EQ(contents(dir), (Files{{"log", ""}, {"log.1", std::string(100, 'o') + "n"}}));
}

TEST(LogFile, AppendsAfterSomebodyTruncatedIt) {
  TempDir dir;
  const auto log = open_log(dir, 1000, 1);
  log->write("first");
  ASSERT_EQ(::truncate((dir / "log").c_str(), 0), 0);
  log->write("second");
  EXPECT_EQ(contents(dir), (Files{{"log", "second"}}));
}

TEST(LogFile, StaysInAppendModeAfterARotation) {
  TempDir dir;
  const auto log = open_log(dir, 5, 1);
  log->write("12345");
  log->write("ab");
  dir.write("log", "");
  log->write("cd");
  EXPECT_EQ(read_all(dir / "log"), "cd");
}

TEST(LogFile, TwoWritersOfOneFileRotateItOnce) {
  TempDir dir;
  const auto first = open_log(dir, 10, 5);
  const auto second = open_log(dir, 10, 5);
  first->write("1111");
  second->write("2222");
  first->write("11");  // reaches the limit: the size is that of the file, not of one writer
  EXPECT_EQ(contents(dir), (Files{{"log", ""}, {"log.1", "1111222211"}}));
  second->write("late");  // into the file it still has open, but that is noticed
  second->write("2");
  first->write("1");
  EXPECT_EQ(contents(dir), (Files{{"log", "21"}, {"log.1", "1111222211late"}}));
}

TEST(LogFile, ReopenNoticesThatTheFileWasMovedOrDeleted) {
  TempDir dir;
  const auto log = open_log(dir, 0, 0);
  log->write("1");
  std::filesystem::rename(dir / "log", dir / "moved");
  log->write("2");
  EXPECT_EQ(log->reopen(), 0);
  log->write("3");
  EXPECT_EQ(contents(dir), (Files{{"log", "3"}, {"moved", "12"}}));
  std::filesystem::remove(dir / "log");
  EXPECT_EQ(log->reopen(), 0);
  log->write("4");
  EXPECT_EQ(read_all(dir / "log"), "4");
}

TEST(LogFile, AFailedReopenKeepsTheOpenFile) {
  TempDir dir;
  const auto log = open_log(dir, 0, 0);
  std::filesystem::rename(dir / "log", dir / "moved");
  ASSERT_EQ(::mkdir((dir / "log").c_str(), 0755), 0);
  EXPECT_EQ(log->reopen(), EISDIR);
  log->write("kept");
  EXPECT_EQ(read_all(dir / "moved"), "kept");
}

TEST(LogFile, ClearEmptiesTheFileInPlace) {
  TempDir dir;
  const auto log = open_log(dir, 0, 0);
  log->write("old");
  struct stat before {};
  ::stat((dir / "log").c_str(), &before);
  ASSERT_TRUE(log->clear());
  log->write("new");
  struct stat after {};
  ::stat((dir / "log").c_str(), &after);
  EXPECT_EQ(contents(dir), (Files{{"log", "new"}}));
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(LogFile, ClearCreatesAFileThatWasDeleted) {
  TempDir dir;
  const auto log = open_log(dir, 0, 0);
  std::filesystem::remove(dir / "log");
  ASSERT_TRUE(log->clear());
  log->write("new");
  EXPECT_EQ(contents(dir), (Files{{"log", "new"}}));
}

TEST(LogFile, ARotationThatFailsLosesNothingAndIsNotRepeatedForEachWrite) {
  TempDir dir;
  ASSERT_EQ(::mkdir((dir / "log.1").c_str(), 0755), 0);  // cannot be replaced by a file
  dir.write("log.1/x", "");
  const auto log = open_log(dir, 4, 1);
  EXPECT_EQ(log->write("1234").err, EISDIR);
  EXPECT_EQ(log->write("56").err, 0) << "no new attempt yet";
  EXPECT_EQ(read_all(dir / "log"), "123456");
  EXPECT_EQ(log->write("78").err, EISDIR) << "the next limit's worth is full";
  EXPECT_EQ(read_all(dir / "log"), "12345678");
}

TEST(LogFile, AFileThatWasDeletedIsMadeAgainWhenARotationIsDue) {
  TempDir dir;
  const auto log = open_log(dir, 4, 3);
  std::filesystem::remove(dir / "log");
  log->write("12345");
  EXPECT_EQ(contents(dir), (Files{{"log", ""}}));
}

TEST(LogFile, CountsWhatAFullDiskDidNotTake) {
  TempDir dir;
  LogFile log(UniqueFd(::open("/dev/full", O_WRONLY | O_APPEND | O_CLOEXEC)),
              {.path = dir / "log", .limits = {10, 1}, .mode = 0666});
  const LogFile::Outcome outcome = log.write("0123456789abc");
  EXPECT_EQ(outcome.dropped, 13U);
  EXPECT_EQ(outcome.err, ENOSPC);
}

TEST(LogFile, OpensRegularFilesOnlyWithTheWantedMode) {
  TempDir dir;
  const mode_t ours = ::umask(022);
  ASSERT_TRUE(LogFile::open({.path = dir / "open", .limits = {}, .mode = 0666}));
  ASSERT_TRUE(LogFile::open({.path = dir / "closed", .limits = {}, .mode = 0600}));
  ::umask(ours);
  struct stat info {};
  ::stat((dir / "open").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777U, mode_t{0644});
  ::stat((dir / "closed").c_str(), &info);
  EXPECT_EQ(info.st_mode & 0777U, mode_t{0600});
  EXPECT_EQ(LogFile::open({.path = "/dev/null", .limits = {}, .mode = 0666}).error(), EINVAL);
  EXPECT_EQ(LogFile::open({.path = dir.path().string(), .limits = {}, .mode = 0666}).error(),
            EISDIR);
  EXPECT_EQ(LogFile::open({.path = dir / "no/log", .limits = {}, .mode = 0666}).error(), ENOENT);
}

}  // namespace
}  // namespace sv::shell
