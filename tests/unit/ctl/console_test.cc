#include "ctl/console.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/unique_fd.h"
#include "support/ctl_client.h"

namespace sv::ctl {
namespace {

using test::input_of;
using Status = LineInput::Status;

TEST(LineInput, GivesLinesAndThenTheEnd) {
  const UniqueFd fd = input_of("one\n\nthree");
  LineInput in(fd.get());
  std::string line;
  EXPECT_EQ(in.read_line(line, nullptr), Status::line);
  EXPECT_EQ(line, "one");
  EXPECT_EQ(in.read_line(line, nullptr), Status::line);
  EXPECT_EQ(line, "");
  EXPECT_EQ(in.read_line(line, nullptr), Status::line);
  EXPECT_EQ(line, "three") << "the last line may lack its line feed";
  EXPECT_EQ(in.read_line(line, nullptr), Status::end);
  EXPECT_EQ(in.read_line(line, nullptr), Status::end);
}

TEST(LineInput, CutsEndlessLines) {
  const UniqueFd fd = input_of(std::string(LineInput::kMaxLineBytes + 5, 'x'));
  LineInput in(fd.get());
  std::string line;
  EXPECT_EQ(in.read_line(line, nullptr), Status::line);
  EXPECT_EQ(line.size(), LineInput::kMaxLineBytes);
  EXPECT_EQ(in.read_line(line, nullptr), Status::line);
  EXPECT_EQ(line.size(), 5U);
}

TEST(LineInput, ACtrlCEndsTheWait) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  Interrupts interrupts;
  ::kill(::getpid(), SIGINT);
  LineInput in(reader.get());
  std::string line;
  EXPECT_EQ(in.read_line(line, &interrupts), Status::interrupted);
  EXPECT_FALSE(interrupts.take()) << "one signal is one interruption";
}

TEST(Interrupts, DropWhatNobodyLookedAt) {
  {
    Interrupts interrupts;
    ::kill(::getpid(), SIGINT);
  }
  sigset_t mask;
  ASSERT_EQ(::sigprocmask(SIG_SETMASK, nullptr, &mask), 0);
  EXPECT_EQ(sigismember(&mask, SIGINT), 0);
}

TEST(Interrupts, Nest) {
  Interrupts outer;
  {
    Interrupts inner;
    ::kill(::getpid(), SIGINT);
    EXPECT_TRUE(inner.take());
  }
  EXPECT_FALSE(outer.take());
  ::kill(::getpid(), SIGINT);
  EXPECT_TRUE(outer.take());
}

TEST(Output, WritesEverythingInOrder) {
  const UniqueFd fd = input_of("");
  {
    Output out(fd.get());
    out.write("a");
    out.line("b");
    out.write(std::string(200000, 'x'));
  }
  EXPECT_EQ(::lseek(fd.get(), 0, SEEK_CUR), 200003);
}

TEST(Output, RemembersAFailure) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  ASSERT_TRUE(full);
  Output out(full.get());
  out.line("x");
  out.flush();
  EXPECT_EQ(out.error(), ENOSPC);
  out.line("more");
  out.flush();
  EXPECT_EQ(out.buffered(), "");
}

}  // namespace
}  // namespace sv::ctl
