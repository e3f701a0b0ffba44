#include "shell/activity_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace sv::shell {
namespace {

using test::read_all;

class DaemonLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "XXX-5:30", 1);  // 5.5 hours east of Greenwich
    ::tzset();
    clock_.set_wall_clock(WallTime{std::chrono::milliseconds{1'700'000'000'999}} +
                          std::chrono::microseconds(700));
    auto loop = uv::Loop::create();
    ASSERT_TRUE(loop);
    loop_ = std::move(*loop);
    outputs_ = std::make_unique<StandardOutputs>(*loop_);
  }
  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }

  std::unique_ptr<DaemonLog> open(const std::string& path, Level level = Level::info,
                                  bool copy = false) {
    DaemonLogOptions options;
    options.log.path = path;
    options.log.level = level;
    options.log.max_bytes = max_bytes_;
    options.log.backups = 1;
    options.copy_to_stdout = copy;
    auto log = DaemonLog::create(options, *outputs_, *loop_, clock_);
    EXPECT_TRUE(log);
    return std::move(*log);
  }

  test::TempDir dir_;
  test::FakeClock clock_;
  std::uint64_t max_bytes_ = 0;
  std::unique_ptr<uv::Loop> loop_;
  std::unique_ptr<StandardOutputs> outputs_;
};

TEST_F(DaemonLogTest, LinesHaveLocalTimeTruncatedMillisecondsAndTheLevelsTag) {
  const auto log = open(dir_ / "log", Level::blather);
  log->write(Level::blather, "one");
  log->trace("two");
  log->debug("three {} %d");
  log->info("four");
  clock_.advance(std::chrono::milliseconds(1));
  log->warn("five\nsix");
  log->error("");
  log->critical("\xff");
  EXPECT_EQ(read_all(dir_ / "log"),
            "2023-11-15 03:43:20,999 BLAT one\n"
            "2023-11-15 03:43:20,999 TRAC two\n"
            "2023-11-15 03:43:20,999 DEBG three {} %d\n"
            "2023-11-15 03:43:20,999 INFO four\n"
            "2023-11-15 03:43:21,000 WARN five\nsix\n"
            "2023-11-15 03:43:21,000 ERRO \n"
            "2023-11-15 03:43:21,000 CRIT \xff\n");
}

TEST_F(DaemonLogTest, WhatIsBelowTheLevelIsNotWritten) {
  const auto log = open(dir_ / "log", Level::warn);
  EXPECT_FALSE(log->enabled(Level::info));
  EXPECT_TRUE(log->enabled(Level::warn));
  log->info("no");
  EXPECT_EQ(read_all(dir_ / "log"), "");
}

TEST_F(DaemonLogTest, RotatesReopensAndClears) {
  max_bytes_ = 60;
  const auto log = open(dir_ / "log");
  log->info("a");  // 31 bytes with the line feed
  log->info("b");
  log->info("c");
  EXPECT_EQ(read_all(dir_ / "log.1"),
            "2023-11-15 03:43:20,999 INFO a\n2023-11-15 03:43:20,999 INFO b\n");
  EXPECT_EQ(read_all(dir_ / "log"), "2023-11-15 03:43:20,999 INFO c\n");
  std::filesystem::rename(dir_ / "log", dir_ / "moved");
  log->reopen();
  log->info("d");
  EXPECT_EQ(read_all(dir_ / "log"), "2023-11-15 03:43:20,999 INFO d\n");
  EXPECT_TRUE(log->clear());
  EXPECT_EQ(read_all(dir_ / "log"), "");
  EXPECT_EQ(log->path(), dir_ / "log");
}

TEST_F(DaemonLogTest, AFailedReopenIsWrittenToTheFileThatIsKept) {
  const auto log = open(dir_ / "log");
  std::filesystem::rename(dir_ / "log", dir_ / "moved");
  ASSERT_EQ(::mkdir((dir_ / "log").c_str(), 0755), 0);
  log->reopen();
  EXPECT_EQ(read_all(dir_ / "moved"), "2023-11-15 03:43:20,999 ERRO cannot reopen log file '" +
                                          (dir_ / "log") + "': Is a directory\n");
}

TEST_F(DaemonLogTest, ALogThatCannotBeOpenedIsAnError) {
  DaemonLogOptions options;
  options.log.path = dir_ / "no/log";
  const auto log = DaemonLog::create(options, *outputs_, *loop_, clock_);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::not_found);
  EXPECT_EQ(log.error().message,
            "cannot open log file '" + (dir_ / "no/log") + "': No such file or directory");
}

TEST_F(DaemonLogTest, AFullDiskIsSurvived) {
  const auto log = open("/dev/full");
  log->info("x");
  log->info("y");
}

class WithStdout : public DaemonLogTest {
 protected:
  void SetUp() override {
    DaemonLogTest::SetUp();
    int fds[2];
    ASSERT_EQ(::pipe2(fds, O_CLOEXEC), 0);
    read_.reset(fds[0]);
    ::fcntl(read_.get(), F_SETFL, O_NONBLOCK);
    saved_.reset(::fcntl(1, F_DUPFD_CLOEXEC, 3));
    ASSERT_EQ(::dup2(fds[1], 1), 1);
    ::close(fds[1]);
  }
  void TearDown() override {
    ::dup2(saved_.get(), 1);
    DaemonLogTest::TearDown();
  }
  std::string printed() {
    char text[8192];
    const ssize_t n = ::read(read_.get(), text, sizeof text);
    return {text, n > 0 ? static_cast<std::size_t>(n) : 0};
  }

  UniqueFd read_;
  UniqueFd saved_;
};

TEST_F(WithStdout, InTheForegroundLinesAreCopiedToStandardOutput) {
  const auto log = open(dir_ / "log", Level::info, true);
  log->info("seen twice");
  EXPECT_EQ(printed(), "2023-11-15 03:43:20,999 INFO seen twice\n");
  log->stop_copying_to_stdout();
  log->info("seen once");
  EXPECT_EQ(printed(), "");
}

TEST_F(WithStdout, StandardOutputMayBeTheLogItself) {
  max_bytes_ = 1;
  const auto log = open("/dev/stdout");
  log->info("a");
  log->reopen();
  EXPECT_TRUE(log->clear());
  log->info("b");
  EXPECT_EQ(printed(), "2023-11-15 03:43:20,999 INFO a\n2023-11-15 03:43:20,999 INFO b\n");
}

TEST_F(WithStdout, LinesThatWereLostAreCountedInTheLogItself) {
  const auto log = open("/dev/stdout");
  const std::string big(100'000, 'x');
  for (int i = 0; i < 6; ++i) {
    log->info(big);
  }
  std::string all;
  for (std::string part = printed(); !part.empty(); part = printed()) {
    all += part;
    loop_->run_once(uv::Loop::Wait::no);
  }
  log->info("after");
  all = printed();
  EXPECT_NE(all.find("ERRO cannot write to the activity log: the reader is too slow ("),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("INFO after\n"), std::string::npos);
}

}  // namespace
}  // namespace sv::shell
