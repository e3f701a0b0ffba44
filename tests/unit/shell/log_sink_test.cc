#include "shell/log_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <regex>

#include "shell/drop_report.h"
#include "shell/syslog_sink.h"
#include "support/fake_clock.h"
#include "support/log_recorder.h"
#include "support/temp_dir.h"

namespace sv::shell {
namespace {

using test::read_all;

class LogSinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::signal(SIGPIPE, SIG_IGN);
    auto loop = uv::Loop::create();
    ASSERT_TRUE(loop);
    loop_ = std::move(*loop);
    outputs_ = std::make_unique<StandardOutputs>(*loop_);
    factory_ = std::make_unique<SinkFactory>(*outputs_, *loop_, log_, clock_, "modinit");
  }

  SinkSpec file_spec(const std::string& path) const {
    SinkSpec spec;
    spec.path = path;
    spec.process = "web";
    spec.label = "'web' stdout";
    return spec;
  }

  std::unique_ptr<LogSink> open(const SinkSpec& spec) {
    auto sink = factory_->open(spec);
    EXPECT_TRUE(sink);
    return std::move(*sink);
  }

  test::TempDir dir_;
  test::LogRecorder log_;
  test::FakeClock clock_;
  std::unique_ptr<uv::Loop> loop_;
  std::unique_ptr<StandardOutputs> outputs_;
  std::unique_ptr<SinkFactory> factory_;
};

using Lines = std::vector<std::string>;

TEST_F(LogSinkTest, AFileIsWrittenRotatedReopenedAndCleared) {
  SinkSpec spec = file_spec(dir_ / "log");
  spec.max_bytes = 4;
  spec.backups = 1;
  const auto sink = open(spec);
  EXPECT_EQ(sink->path(), dir_ / "log");
  sink->write("12345");
  sink->write("6");
  EXPECT_EQ(read_all(dir_ / "log.1"), "12345");
  EXPECT_EQ(read_all(dir_ / "log"), "6");
  std::filesystem::remove(dir_ / "log");
  sink->reopen();
  sink->write("7");
  EXPECT_EQ(read_all(dir_ / "log"), "7");
  EXPECT_TRUE(sink->clear());
  EXPECT_EQ(read_all(dir_ / "log"), "");
  EXPECT_EQ(log_.lines, Lines{});
}

TEST_F(LogSinkTest, AFailedReopenIsLoggedAndTheFileKept) {
  const auto sink = open(file_spec(dir_ / "log"));
  std::filesystem::rename(dir_ / "log", dir_ / "moved");
  ASSERT_EQ(::mkdir((dir_ / "log").c_str(), 0755), 0);
  sink->reopen();
  sink->write("kept");
  EXPECT_EQ(read_all(dir_ / "moved"), "kept");
  EXPECT_EQ(log_.lines, Lines{"ERRO cannot reopen '" + (dir_ / "log") + "': Is a directory"});
}

TEST_F(LogSinkTest, OpeningFailsWithTheSystemsReason) {
  EXPECT_EQ(factory_->open(file_spec(dir_ / "no/log")).error(), ENOENT);
  EXPECT_EQ(factory_->open(file_spec(dir_.path().string())).error(), EISDIR);
}

TEST_F(LogSinkTest, NothingAndTheNullDeviceDropEverything) {
  const auto none = open(SinkSpec{});
  none->write("x");
  none->reopen();
  EXPECT_TRUE(none->clear());
  EXPECT_EQ(none->path(), std::nullopt);

  SinkSpec spec = file_spec("/dev/null");
  spec.max_bytes = 1;
  const auto null = open(spec);
  null->write("much more than the limit");
  null->reopen();
  EXPECT_TRUE(null->clear());
  struct stat info {};
  ASSERT_EQ(::stat("/dev/null", &info), 0);
  EXPECT_TRUE(S_ISCHR(info.st_mode));
  EXPECT_EQ(log_.lines, Lines{});
}

TEST_F(LogSinkTest, OurOwnStandardOutputIsWrittenAndNeverRotated) {
  int fds[2];
  ASSERT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  const UniqueFd read(fds[0]);
  UniqueFd write(fds[1]);
  const UniqueFd saved(::fcntl(1, F_DUPFD_CLOEXEC, 3));
  ASSERT_EQ(::dup2(write.get(), 1), 1);
  write.reset();
  {
    SinkSpec spec = file_spec("/dev/stdout");
    spec.max_bytes = 1;
    spec.backups = 3;
    const auto sink = open(spec);
    sink->write("one\n");
    sink->reopen();
    EXPECT_TRUE(sink->clear());
    sink->write("two\n");
  }
  ASSERT_EQ(::dup2(saved.get(), 1), 1);
  outputs_.reset();  // may hold a description of its own
  char text[32] = {};
  EXPECT_EQ(::read(read.get(), text, sizeof text), 8);
  EXPECT_STREQ(text, "one\ntwo\n");
  EXPECT_EQ(log_.lines, Lines{});
}

TEST_F(LogSinkTest, AFifoIsAStreamAndDoesNotHangWithoutAReader) {
  const std::string fifo = dir_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(factory_->open(file_spec(fifo)).error(), ENXIO);
  const UniqueFd reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  SinkSpec spec = file_spec(fifo);
  spec.max_bytes = 1;
  const auto sink = open(spec);
  sink->write("through");
  char text[32] = {};
  EXPECT_EQ(::read(reader.get(), text, sizeof text), 7);
}

TEST_F(LogSinkTest, LossesAreReportedAtOnceAndThenOnceAMinute) {
  const auto sink = open(file_spec("/dev/full"));
  sink->write("12345");
  const std::string head = "ERRO cannot write to '/dev/full': No space left on device ";
  EXPECT_EQ(log_.lines, Lines{head + "(5 bytes dropped)"});
  sink->write("1234");
  clock_.advance(std::chrono::seconds(59));
  sink->write("123");
  EXPECT_EQ(log_.lines.size(), 1U);
  clock_.advance(std::chrono::seconds(1));
  sink->write("12");
  ASSERT_EQ(log_.lines.size(), 2U);
  EXPECT_EQ(log_.lines[1], head + "(9 bytes dropped)");
}

TEST_F(LogSinkTest, AReaderThatIsTooSlowIsSaidToBe) {
  const std::string fifo = dir_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const UniqueFd reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto sink = open(file_spec(fifo));
  for (int i = 0; i < 40; ++i) {
    sink->write(std::string(9999, 'x') + "\n");
  }
  ASSERT_EQ(log_.lines.size(), 1U);
  EXPECT_EQ(log_.lines[0],
            "ERRO cannot write to '" + fifo + "': the reader is too slow (10000 bytes dropped)");
}

TEST(DropReport, WhatIsUnreportedAtTheEndIsReportedThen) {
  test::LogRecorder log;
  test::FakeClock clock;
  {
    DropReport report(log, clock, "x");
    report.add(1, ENOSPC);
    report.add(2, EIO);
    report.add(0, 0);
  }
  EXPECT_EQ(log.lines, (Lines{"ERRO cannot write to x: No space left on device (1 bytes dropped)",
                              "ERRO cannot write to x: Input/output error (2 bytes dropped)"}));
}

// Syslog ------------------------------------------------------------------------------------------

class SyslogServer {
 public:
  explicit SyslogServer(const std::string& path) { start(path); }

  void start(const std::string& path) {
    ::unlink(path.c_str());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path.begin(), path.end(), address.sun_path);
    fd_.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  /// What has arrived, without priority and time.
  Lines received() {
    static const std::regex kHead("<14>[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d ");
    Lines lines;
    char buffer[20000];
    for (ssize_t n = 0; (n = ::recv(fd_.get(), buffer, sizeof buffer, 0)) >= 0;) {
      const std::string text(buffer, static_cast<std::size_t>(n));
      std::smatch match;
      EXPECT_TRUE(std::regex_search(text, match, kHead, std::regex_constants::match_continuous))
          << text;
      lines.push_back(match.suffix());
    }
    return lines;
  }

 private:
  UniqueFd fd_;
};

class SyslogTest : public ::testing::Test {
 protected:
  test::TempDir dir_;
  test::LogRecorder log_;
  test::FakeClock clock_;
  SyslogServer server_{dir_ / "log"};
  SyslogSocket socket_{"modinit", dir_ / "log"};
  SyslogSink sink_{socket_, log_, clock_, "web", "'web' stdout"};
};

TEST_F(SyslogTest, OneDatagramForEachLine) {
  sink_.write("first\nsecond\n");
  EXPECT_EQ(server_.received(), (Lines{"modinit: web first", "modinit: web second"}));
}

TEST_F(SyslogTest, TrailingLineFeedsMakeNoLinesButInnerOnesDo) {
  sink_.write("a\n\nb\n\n\n");
  EXPECT_EQ(server_.received(), (Lines{"modinit: web a", "modinit: web ", "modinit: web b"}));
  sink_.write("\n\n");
  EXPECT_EQ(server_.received(), Lines{"modinit: web "});
}

TEST_F(SyslogTest, ALineThatWasCutIsCompleted) {
  sink_.write("begin ");
  EXPECT_EQ(server_.received(), Lines{});
  sink_.write("end\nnext");
  EXPECT_EQ(server_.received(), Lines{"modinit: web begin end"});
  {
    SyslogSink other(socket_, log_, clock_, "db", "");
    other.write("unfinished");
  }
  EXPECT_EQ(server_.received(), Lines{"modinit: db unfinished"});
}

TEST_F(SyslogTest, AVeryLongLineIsSentInSomeForm) {
  sink_.write(std::string(100000, 'x'));
  const Lines lines = server_.received();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LE(lines[0].size(), SyslogSocket::kMaxText + 100);
  EXPECT_EQ(log_.lines, Lines{});
}

TEST_F(SyslogTest, ConnectsAgainAfterTheServerWasRestarted) {
  sink_.write("before\n");
  EXPECT_EQ(server_.received().size(), 1U);
  server_.start(dir_ / "log");
  sink_.write("after\n");
  EXPECT_EQ(server_.received(), Lines{"modinit: web after"});
}

TEST_F(SyslogTest, WithoutAServerLinesAreCounted) {
  SyslogSocket nowhere("modinit", dir_ / "nothing");
  {
    SyslogSink sink(nowhere, log_, clock_, "web", "'web' stdout");
    sink.write("12345\n");
  }
  EXPECT_EQ(log_.lines, Lines{"ERRO cannot write to syslog for 'web' stdout: No such file or "
                              "directory (5 bytes dropped)"});
}

TEST_F(SyslogTest, AServerThatDoesNotReadBlocksNobody) {
  for (int i = 0; i < 5000; ++i) {
    sink_.write("0123456789\n");
  }
  ASSERT_GE(log_.lines.size(), 1U);
  EXPECT_NE(log_.lines[0].find("the reader is too slow"), std::string::npos);
}

}  // namespace
}  // namespace sv::shell
