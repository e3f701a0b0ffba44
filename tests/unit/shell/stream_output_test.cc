#include "shell/stream_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <tuple>

#include "shell/uv/timer.h"
#include "support/temp_dir.h"

namespace sv::shell {
namespace {

std::string take(int fd, std::size_t limit = 1 << 20) {
  std::string text(limit, '\0');
  const ssize_t n = ::read(fd, text.data(), text.size());
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

/// A pair of descriptors of some kind: what is written to `write` can be read from `read`, which
/// does not block.
struct Ends {
  UniqueFd read;
  UniqueFd write;
};

Ends make_pipe() {
  int fds[2];
  EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Ends make_sockets() {
  int fds[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  ::fcntl(fds[0], F_SETFL, O_NONBLOCK);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Ends make_terminal() {
  UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  EXPECT_EQ(::grantpt(master.get()), 0);
  EXPECT_EQ(::unlockpt(master.get()), 0);
  UniqueFd slave(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  return {std::move(master), std::move(slave)};
}

class StreamOutputTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::signal(SIGPIPE, SIG_IGN);
    auto loop = uv::Loop::create();
    ASSERT_TRUE(loop);
    loop_ = std::move(*loop);
  }

  void turn(int times = 3) {
    for (int i = 0; i < times; ++i) {
      loop_->run_once(uv::Loop::Wait::no);
    }
  }

  /// Reads on until nothing is buffered and everything has arrived.
  std::string read_until_empty(const StreamOutput& output, int fd) {
    std::string text;
    for (;;) {
      const std::string part = take(fd);
      text += part;
      turn(1);
      if (part.empty() && output.buffered_bytes() == 0) {
        return text;
      }
    }
  }

  std::unique_ptr<uv::Loop> loop_;
};

std::string numbered_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "line " + std::to_string(i) + "\n";
  }
  return text;
}

struct Kind {
  const char* name;
  Ends (*make)();
};

class EveryKind : public StreamOutputTest, public ::testing::WithParamInterface<Kind> {};

TEST_P(EveryKind, AReaderThatKeepsUpGetsEverythingAtOnce) {
  const Ends ends = GetParam().make();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  EXPECT_EQ(output->write("hello\n").dropped, 0U);
  EXPECT_EQ(output->buffered_bytes(), 0U);
  EXPECT_EQ(take(ends.read.get()).substr(0, 5), "hello");
}

TEST_P(EveryKind, ASlowReaderGetsItLater) {
  const Ends ends = GetParam().make();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  const std::string text = numbered_lines(20000);
  for (std::size_t at = 0; at < text.size(); at += 10000) {
    EXPECT_EQ(output->write(std::string_view(text).substr(at, 10000)).dropped, 0U);
  }
  EXPECT_GT(output->buffered_bytes(), 0U);
  std::string got = read_until_empty(*output, ends.read.get());
  std::erase(got, '\r');  // a terminal adds them
  EXPECT_EQ(got, text);
}

TEST_P(EveryKind, NobodyReadsAndNothingBlocks) {
  const Ends ends = GetParam().make();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  const std::string line = std::string(999, 'x') + "\n";
  std::size_t dropped = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto outcome = output->write(line);
    dropped += outcome.dropped;
    EXPECT_EQ(outcome.err, outcome.dropped > 0 ? EAGAIN : 0);
  }
  EXPECT_GT(dropped, 500U * 1000);
  EXPECT_EQ(dropped % line.size(), 0U) << "whole lines go";
  EXPECT_LE(output->buffered_bytes(), StreamOutput::kBufferLimit);
}

TEST_P(EveryKind, TheDescriptionOthersShareStaysBlocking) {
  const Ends ends = GetParam().make();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  output->write(std::string(100000, 'x') + "\n");
  turn();
  EXPECT_FALSE(::fcntl(ends.write.get(), F_GETFL) & O_NONBLOCK);
}

TEST_P(EveryKind, NothingWakesTheLoopWhileTheReaderSleeps) {
  const Ends ends = GetParam().make();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  for (int i = 0; i < 2; ++i) {
    output->write(std::string(200000, 'x') + "\n");
  }
  ASSERT_GT(output->buffered_bytes(), 0U);
  turn();
  EXPECT_EQ(uv_backend_timeout(loop_->raw()), -1);
  uv::Timer guard(*loop_, [] {});
  guard.arm(std::chrono::milliseconds(20));
  int turns = 0;
  while (guard.armed()) {
    loop_->run_once(uv::Loop::Wait::for_one_event);
    ++turns;
  }
  EXPECT_LE(turns, 3);
  std::ignore = read_until_empty(*output, ends.read.get());
}

INSTANTIATE_TEST_SUITE_P(Inherited, EveryKind,
                         ::testing::Values(Kind{"pipe", make_pipe}, Kind{"socket", make_sockets},
                                           Kind{"terminal", make_terminal}),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST_F(StreamOutputTest, AReaderThatHasGoneIsAnError) {
  Ends ends = make_pipe();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  ends.read.reset();
  const auto outcome = output->write("x");
  EXPECT_EQ(outcome.dropped, 1U);
  EXPECT_EQ(outcome.err, EPIPE);
}

TEST_F(StreamOutputTest, WhatWasBufferedForAReaderThatLeavesIsCounted) {
  Ends ends = make_pipe();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  output->write(std::string(100000, 'x'));
  const std::size_t buffered = output->buffered_bytes();
  ASSERT_GT(buffered, 0U);
  ends.read.reset();
  turn();
  EXPECT_EQ(output->buffered_bytes(), 0U);
  EXPECT_EQ(output->write("y").dropped, buffered + 1);
}

// The description cannot be opened again after dropping privileges.
TEST_F(StreamOutputTest, APipeThatCannotBeReopenedIsStillNeverWaitedFor) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const Ends ends = make_pipe();
  ASSERT_EQ(::fchmod(ends.write.get(), 0600), 0);
  ASSERT_EQ(::setresuid(65534, 65534, 0), 0);
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  ASSERT_EQ(::setresuid(0, 0, 0), 0);
  const std::string text = numbered_lines(20000);
  EXPECT_EQ(output->write(text).dropped, 0U);
  EXPECT_GT(output->buffered_bytes(), 0U);
  EXPECT_FALSE(::fcntl(ends.write.get(), F_GETFL) & O_NONBLOCK);
  EXPECT_EQ(read_until_empty(*output, ends.read.get()), text);
}

TEST_F(StreamOutputTest, ATerminalThatCannotBeReopenedIsStillNeverWaitedFor) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  const Ends ends = make_terminal();
  ASSERT_EQ(::fchmod(ends.write.get(), 0600), 0);
  ASSERT_EQ(::setresuid(65534, 65534, 0), 0);
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  ASSERT_EQ(::setresuid(0, 0, 0), 0);
  const std::string text = numbered_lines(5000);
  for (std::size_t at = 0; at < text.size(); at += 5000) {
    EXPECT_EQ(output->write(std::string_view(text).substr(at, 5000)).dropped, 0U);
  }
  std::string got = read_until_empty(*output, ends.read.get());
  std::erase(got, '\r');
  EXPECT_EQ(got, text);
}

TEST_F(StreamOutputTest, ARegularFileIsWrittenThroughTheSharedOffset) {
  test::TempDir dir;
  const std::string file = dir.write("out", "");
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  const UniqueFd shared(::dup(fd.get()));
  const auto output = StreamOutput::inherited(*loop_, fd.get());
  output->write("ours ");
  ASSERT_EQ(::write(shared.get(), "theirs ", 7), 7);
  output->write("ours");
  EXPECT_EQ(test::read_all(file), "ours theirs ours");
}

TEST_F(StreamOutputTest, AFullDeviceIsAnError) {
  const auto output =
      StreamOutput::own(*loop_, UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)));
  EXPECT_EQ(output->write("x").err, ENOSPC);
}

TEST_F(StreamOutputTest, FlushForWaitsForTheReaderButNotForEver) {
  const Ends ends = make_pipe();
  const auto output = StreamOutput::inherited(*loop_, ends.write.get());
  output->write(std::string(70000, 'x'));
  output->flush_for(std::chrono::milliseconds(1));
  EXPECT_GT(output->buffered_bytes(), 0U);
  EXPECT_GT(take(ends.read.get()).size(), 0U);
  output->flush_for(std::chrono::hours(1));
  EXPECT_EQ(output->buffered_bytes(), 0U);
}

TEST(StandardOutputs, KnowsTheNamesOfOurDescriptors) {
  for (const char* name : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    EXPECT_EQ(StandardOutputs::descriptor_named(name), 1) << name;
  }
  for (const char* name : {"/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"}) {
    EXPECT_EQ(StandardOutputs::descriptor_named(name), 2) << name;
  }
  for (const char* name : {"/dev/null", "/dev/fd/3", "/dev/fd/11", "stdout", "", "/dev/stdin"}) {
    EXPECT_EQ(StandardOutputs::descriptor_named(name), std::nullopt) << name;
  }
}

TEST(StandardOutputs, OneOutputForEachDescriptor) {
  auto loop = uv::Loop::create();
  ASSERT_TRUE(loop);
  StandardOutputs outputs(**loop);
  EXPECT_EQ(&outputs.at(1), &outputs.at(1));
  EXPECT_NE(&outputs.at(1), &outputs.at(2));
}

}  // namespace
}  // namespace sv::shell
