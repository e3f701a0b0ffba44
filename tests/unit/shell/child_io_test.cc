#include "shell/child_io.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "os/spawn.h"

namespace sv::shell {
namespace {

using core::Channel;

class Recorder : public OutputConsumer {
 public:
  void on_output(Channel channel, std::string_view bytes) noexcept override {
    (channel == Channel::standard_output ? out : err) += bytes;
    ++chunks;
  }
  void on_output_closed(Channel channel) noexcept override { closed.push_back(channel); }

  std::string out;
  std::string err;
  int chunks = 0;
  std::vector<Channel> closed;
};

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

class ChildIoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ::signal(SIGPIPE, SIG_IGN);
    auto loop = uv::Loop::create();
    ASSERT_TRUE(loop);
    loop_ = std::move(*loop);
    hub_ = std::make_unique<OutputHub>(*loop_);
  }

  std::unique_ptr<ChildIo> make(const ChildIo::Options& options = {}) {
    auto io = ChildIo::create(*hub_, recorder_, options);
    EXPECT_TRUE(io);
    return std::move(*io);
  }

  /// The pipes with the child played by the test: copies of its ends that survive start().
  struct Ends {
    UniqueFd in;
    UniqueFd out;
    UniqueFd err;
  };
  Ends start_with_ends(ChildIo& io) {
    os::ChildPlan plan;
    io.fill(plan);
    Ends ends{UniqueFd(::dup(plan.stdin_fd)), UniqueFd(::dup(plan.stdout_fd)),
              UniqueFd(::dup(plan.stderr_fd))};
    io.start();
    return ends;
  }

  void turn(int times = 3) {
    for (int i = 0; i < times; ++i) {
      loop_->run_once(uv::Loop::Wait::no);
    }
  }

  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      loop_->run_once(uv::Loop::Wait::for_one_event);
    }
  }

  std::unique_ptr<uv::Loop> loop_;
  std::unique_ptr<OutputHub> hub_;
  Recorder recorder_;
};

void put(const UniqueFd& fd, std::string_view text) {
  ASSERT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

TEST_F(ChildIoTest, KeepsTheChannelsApart) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  put(ends.out, "to out");
  put(ends.err, "to err");
  turn();
  EXPECT_EQ(recorder_.out, "to out");
  EXPECT_EQ(recorder_.err, "to err");
}

TEST_F(ChildIoTest, RedirectedErrorsArriveInOrderOnStandardOutput) {
  const auto io = make({.redirect_stderr = true, .stdin_socket = {}});
  const Ends ends = start_with_ends(*io);
  put(ends.out, "1");
  put(ends.err, "2");
  put(ends.out, "3");
  turn();
  EXPECT_EQ(recorder_.out, "123");
  EXPECT_EQ(recorder_.err, "");
}

TEST_F(ChildIoTest, ServesARealChild) {
  const auto io = make();
  os::ChildPlan plan;
  plan.path = "/bin/sh";
  plan.argv = {"sh", "-c", "read a; echo \"got $a\"; echo oops >&2"};
  io->fill(plan);
  const auto pid = os::spawn(plan);
  ASSERT_TRUE(pid);
  io->start();
  EXPECT_EQ(io->write_stdin("word\n"), StdinResult::accepted);
  run_until([&] { return recorder_.closed.size() == 2; });
  EXPECT_EQ(recorder_.out, "got word\n");
  EXPECT_EQ(recorder_.err, "oops\n");
  int status = -1;
  ::waitpid(*pid, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(ChildIoTest, AllEndsAreCloseOnExecAndOnlyOursNonBlocking) {
  const auto io = make();
  os::ChildPlan plan;
  io->fill(plan);
  for (const int fd : {plan.stdin_fd, plan.stdout_fd, plan.stderr_fd}) {
    EXPECT_TRUE(::fcntl(fd, F_GETFD) & FD_CLOEXEC);
    EXPECT_FALSE(::fcntl(fd, F_GETFL) & O_NONBLOCK) << "the child must not be surprised";
  }
}

TEST_F(ChildIoTest, AnEndedChannelClosesQuietly) {
  const auto io = make();
  Ends ends = start_with_ends(*io);
  put(ends.out, "last words");
  ends.out.reset();
  turn();
  EXPECT_EQ(recorder_.out, "last words");
  EXPECT_EQ(recorder_.closed, std::vector<Channel>{Channel::standard_output});
  put(ends.err, "still alive");
  turn();
  EXPECT_EQ(recorder_.err, "still alive");
}

TEST_F(ChildIoTest, ChildrenFollowEachOther) {
  for (int child = 0; child < 5; ++child) {
    const auto io = make();
    { const Ends ends = start_with_ends(*io); }
    turn();
  }
  EXPECT_EQ(recorder_.closed.size(), 10U);
}

TEST_F(ChildIoTest, DrainReadsEverythingWithoutTheLoopAndWithoutTheEnd) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  const std::string text(50000, 'x');
  put(ends.out, text);
  put(ends.err, "e");
  io->drain();  // the ends are still open, as a grandchild would have them
  EXPECT_EQ(recorder_.out, text);
  EXPECT_EQ(recorder_.err, "e");
  io->drain();
  EXPECT_EQ(recorder_.out, text);
}

TEST_F(ChildIoTest, DrainNoticesTheEnd) {
  const auto io = make();
  Ends ends = start_with_ends(*io);
  put(ends.out, "x");
  ends.out.reset();
  io->drain();
  EXPECT_EQ(recorder_.out, "x");
  EXPECT_EQ(recorder_.closed, std::vector<Channel>{Channel::standard_output});
  io->drain();
  EXPECT_EQ(recorder_.closed.size(), 1U);
}

TEST_F(ChildIoTest, DrainReachesAPipeInItsPause) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  put(ends.out, "a");
  turn(1);
  put(ends.out, "b");
  turn(1);  // soon after the first: the pipe is left alone now
  put(ends.out, "c");
  io->drain();
  EXPECT_EQ(recorder_.out, "abc");
}

TEST_F(ChildIoTest, ALineThatComesAloneIsReadAtOnce) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  put(ends.out, "first\n");
  turn(1);
  EXPECT_EQ(recorder_.out, "first\n");
  uv::Timer quiet(*loop_, [] {});
  quiet.arm(std::chrono::milliseconds(OutputHub::kSoonMs + 2));
  loop_->run_once(uv::Loop::Wait::for_one_event);
  put(ends.out, "line\n");
  turn(1);
  EXPECT_EQ(recorder_.out, "first\nline\n");
  EXPECT_EQ(uv_backend_timeout(loop_->raw()), -1) << "no pause follows";
}

TEST_F(ChildIoTest, LinesInQuickSuccessionAreCollected) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  constexpr int kLines = 200;
  for (int i = 0; i < kLines; ++i) {
    put(ends.out, "0123456789\n");
    turn(1);
  }
  run_until([&] { return recorder_.out.size() == kLines * 11; });
  EXPECT_LT(recorder_.chunks, kLines / 2);
}

TEST_F(ChildIoTest, WithoutOutputNothingWakesTheLoop) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  put(ends.out, "a");
  turn(1);
  put(ends.out, "b");
  turn(1);
  // The second line started a pause; after it the loop must have no timer left.
  while (uv_backend_timeout(loop_->raw()) != -1) {
    turn(1);
  }
  EXPECT_EQ(recorder_.out, "ab");
}

TEST_F(ChildIoTest, AFloodOfOneChildComesThroughWhole) {
  const auto io = make();
  os::ChildPlan plan;
  plan.path = "/bin/sh";
  plan.argv = {"sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' x; echo end >&2"};
  plan.envp = {"PATH=/usr/bin:/bin"};
  io->fill(plan);
  const auto pid = os::spawn(plan);
  ASSERT_TRUE(pid);
  io->start();
  run_until([&] { return recorder_.closed.size() == 2; });
  EXPECT_EQ(recorder_.out.size(), 20000000U);
  EXPECT_EQ(recorder_.out.find_first_not_of('x'), std::string::npos);
  EXPECT_EQ(recorder_.err, "end\n");
  ::waitpid(*pid, nullptr, 0);
}

TEST_F(ChildIoTest, PipesMayGoWhileTheyPause) {
  auto first = make();
  auto second = make();
  const Ends a = start_with_ends(*first);
  const Ends b = start_with_ends(*second);
  for (const Ends* ends : {&a, &b}) {
    put(ends->out, "1");
  }
  turn(1);
  for (const Ends* ends : {&a, &b}) {
    put(ends->out, "2");
  }
  turn(1);
  first.reset();
  put(b.out, "3");
  run_until([&] { return recorder_.out.find('3') != std::string::npos; });
}

// Standard input ----------------------------------------------------------------------------------

std::string take(const UniqueFd& fd) {
  std::string text(1 << 20, '\0');
  const ssize_t n = ::read(fd.get(), text.data(), text.size());
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return text;
}

TEST_F(ChildIoTest, StdinIsWrittenAtOnceWithoutAnyQueue) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  EXPECT_EQ(io->write_stdin("hello"), StdinResult::accepted);
  EXPECT_EQ(io->queued_stdin_bytes(), 0U);
  EXPECT_EQ(take(ends.in), "hello");
  EXPECT_EQ(io->write_stdin(""), StdinResult::accepted);
}

TEST_F(ChildIoTest, StdinIsQueuedUpToItsLimit) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  const std::string big(600 * 1024, 'q');
  EXPECT_EQ(io->write_stdin(big), StdinResult::accepted);
  EXPECT_EQ(io->write_stdin(big), StdinResult::full);
  EXPECT_EQ(io->write_stdin("tail"), StdinResult::accepted);
  std::string got;
  while (got.size() < big.size() + 4) {
    got += take(ends.in);
    turn(1);
  }
  EXPECT_EQ(got, big + "tail");
  turn();
  EXPECT_EQ(io->queued_stdin_bytes(), 0U);
}

TEST_F(ChildIoTest, AClosedStdinIsReported) {
  const auto io = make();
  Ends ends = start_with_ends(*io);
  ends.in.reset();
  EXPECT_EQ(io->write_stdin("x"), StdinResult::closed);
  EXPECT_EQ(io->write_stdin("x"), StdinResult::closed);
}

TEST_F(ChildIoTest, AReaderThatLeavesBeforeTheQueueIsSentClosesIt) {
  const auto io = make();
  Ends ends = start_with_ends(*io);
  EXPECT_EQ(io->write_stdin(std::string(500000, 'q')), StdinResult::accepted);
  ends.in.reset();
  turn();
  EXPECT_EQ(io->queued_stdin_bytes(), 0U);
  EXPECT_EQ(io->write_stdin("x"), StdinResult::closed);
}

TEST_F(ChildIoTest, CloseStdinLetsTheQueueOutFirst) {
  const auto io = make();
  const Ends ends = start_with_ends(*io);
  EXPECT_EQ(io->write_stdin(std::string(200000, 'q')), StdinResult::accepted);
  io->close_stdin();
  EXPECT_EQ(io->write_stdin("late"), StdinResult::closed);
  std::size_t got = 0;
  for (std::string part = take(ends.in); !part.empty(); part = take(ends.in)) {
    got += part.size();
    turn(2);
  }
  EXPECT_EQ(got, 200000U);
}

TEST_F(ChildIoTest, ASocketMayBeTheChildsStdin) {
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto io = make({.redirect_stderr = false, .stdin_socket = socket.get()});
  os::ChildPlan plan;
  io->fill(plan);
  EXPECT_EQ(plan.stdin_fd, socket.get());
  io->start();
  EXPECT_NE(::fcntl(socket.get(), F_GETFD), -1) << "borrowed only";
  EXPECT_EQ(io->write_stdin("x"), StdinResult::closed);
}

// Resources ---------------------------------------------------------------------------------------

TEST_F(ChildIoTest, HoldsThreeDescriptorsAndReturnsThem) {
  const std::size_t before = open_descriptors();
  {
    const auto io = make();
    io->start();
    EXPECT_EQ(open_descriptors(), before + 3);
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(ChildIoTest, RunningOutOfDescriptorsIsAnErrorThatLeavesNothing) {
  loop_->run_once(uv::Loop::Wait::no);
  const std::size_t before = open_descriptors();
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  for (rlim_t spare = 0; spare < 6; ++spare) {
    const UniqueFd next(::dup(0));
    const rlimit tight{static_cast<rlim_t>(next.get()) + spare, limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
    const auto io = ChildIo::create(*hub_, recorder_, {});
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    ASSERT_FALSE(io) << spare;
    EXPECT_EQ(io.error(), EMFILE);
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace sv::shell
