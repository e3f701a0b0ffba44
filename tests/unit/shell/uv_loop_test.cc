#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "base/unique_fd.h"
#include "shell/uv/async.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"
#include "shell/uv/signal.h"
#include "shell/uv/timer.h"

namespace sv::shell::uv {
namespace {

using std::chrono::milliseconds;

std::unique_ptr<Loop> make_loop() {
  auto loop = Loop::create();
  EXPECT_TRUE(loop);
  return std::move(*loop);
}

struct Pipe {
  Pipe() {
    int fds[2];
    EXPECT_EQ(::pipe(fds), 0);
    read.reset(fds[0]);
    write.reset(fds[1]);
  }
  UniqueFd read;
  UniqueFd write;
};

TEST(UvLoop, EndsWhenNothingIsLeftToWaitFor) {
  const auto loop = make_loop();
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  timer.arm(Duration::zero());
  loop->run();
  EXPECT_EQ(fired, 1);
}

TEST(UvLoop, ReportsWhatACallbackThrowsAndCarriesOn) {
  const auto loop = make_loop();
  std::vector<std::string> faults;
  loop->set_fault_hook([&](std::string_view text) { faults.emplace_back(text); });
  bool later = false;
  Timer standard(*loop, [] { throw std::runtime_error("first"); });
  Timer odd(*loop, [] { throw 7; });
  Timer last(*loop, [&] { later = true; });
  standard.arm(milliseconds(0));
  odd.arm(milliseconds(1));
  last.arm(milliseconds(2));
  loop->run();
  EXPECT_EQ(faults, (std::vector<std::string>{"first", "exception of unknown type"}));
  EXPECT_TRUE(later);
}

TEST(UvLoop, SurvivesAFaultHookThatThrows) {
  const auto loop = make_loop();
  loop->set_fault_hook([](std::string_view) { throw std::runtime_error("again"); });
  Timer timer(*loop, [] { throw std::runtime_error("first"); });
  timer.arm(milliseconds(0));
  loop->run();
}

TEST(UvLoopDeathTest, AHandleThatOutlivesItsLoopIsFatal) {
  EXPECT_DEATH(
      {
        std::optional<Timer> leaked;
        const auto loop = make_loop();
        leaked.emplace(*loop, [] {});
      },
      "");
}

TEST(UvTimer, MayBeDestroyedInsideOfItsOwnCallback) {
  const auto loop = make_loop();
  std::optional<Timer> timer;
  std::string after;
  const std::string captured = "the callback's captures are still there, heap and all";
  timer.emplace(*loop, [&timer, &after, captured] {
    timer.reset();
    after = captured;
  });
  timer->arm(milliseconds(0));
  loop->run();
  EXPECT_FALSE(timer);
  EXPECT_EQ(after, captured);
}

TEST(UvTimer, NeverFiresBeforeItsTime) {
  const auto loop = make_loop();
  for (int micros = 1; micros < 3000; micros += 217) {
    MonoTime fired;
    Timer timer(*loop, [&] { fired = std::chrono::steady_clock::now(); });
    const auto begin = std::chrono::steady_clock::now();
    const auto due = begin + std::chrono::microseconds(micros);
    timer.start_at(due, begin);
    loop->run();
    EXPECT_GE(fired, due) << micros;
  }
}

TEST(UvTimer, WhatIsDueAlreadyFiresInTheNextTurn) {
  const auto loop = make_loop();
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  for (const Duration delay : {Duration::zero(), Duration(milliseconds(-5))}) {
    timer.arm(delay);
    loop->run_once(Loop::Wait::no);
  }
  EXPECT_EQ(fired, 2);
}

/// A notice storm kept the daemon from answering for seconds: whoever is always due already must
/// not be all that runs.
TEST(UvTimer, WhoIsAlwaysDueLeavesOthersTheirTurn) {
  const auto loop = make_loop();
  Pipe pipe;
  int fired = 0;
  Timer* again = nullptr;
  Timer timer(*loop, [&] {
    if (++fired < 1000) {
      again->arm(Duration::zero());
    }
  });
  again = &timer;
  timer.arm(Duration::zero());
  auto poll = Poll::create(*loop, pipe.read.get(), [&](Poll::Ready) { loop->stop(); });
  ASSERT_TRUE(poll);
  poll->start(Poll::Interest::readable);
  ASSERT_EQ(::write(pipe.write.get(), "x", 1), 1);
  loop->run();
  EXPECT_LE(fired, 2);
}

/// The same of several that take longer than what they wait for.
TEST(UvTimer, SlowOnesThatTakeTurnsLeaveOthersTheirs) {
  const auto loop = make_loop();
  Pipe pipe;
  int fired = 0;
  std::array<Timer, 2> timers;
  for (Timer& timer : timers) {
    timer = Timer(*loop, [&] {
      EXPECT_EQ(::write(pipe.write.get(), "x", 1), 1);
      if (++fired < 100) {
        const auto until = std::chrono::steady_clock::now() + milliseconds(3);
        while (std::chrono::steady_clock::now() < until) {
        }
        timer.arm(milliseconds(1));
      }
    });
    timer.arm(milliseconds(1));
  }
  auto poll = Poll::create(*loop, pipe.read.get(), [&](Poll::Ready) { loop->stop(); });
  ASSERT_TRUE(poll);
  poll->start(Poll::Interest::readable);
  loop->run();
  EXPECT_LE(fired, 4);
}

/// The wait is reckoned from when it begins, not from when the turn did.
TEST(UvTimer, ALongTurnMakesItNoLater) {
  const auto loop = make_loop();
  const auto busy_until = std::chrono::steady_clock::now() + milliseconds(100);
  std::chrono::steady_clock::time_point due;
  std::chrono::steady_clock::time_point fired;
  Timer late(*loop, [&] { fired = std::chrono::steady_clock::now(); });
  Timer busy(*loop, [&] {
    while (std::chrono::steady_clock::now() < busy_until) {
    }
    due = std::chrono::steady_clock::now() + milliseconds(10);
    late.arm(milliseconds(10));
  });
  busy.arm(Duration::zero());
  loop->run();
  EXPECT_LT(fired - due, milliseconds(60));
}

TEST(UvTimer, ArmingReplacesAndStoppingForgets) {
  const auto loop = make_loop();
  int fired = 0;
  Timer timer(*loop, [&] { ++fired; });
  timer.arm(milliseconds(1));
  timer.arm(milliseconds(0));
  EXPECT_TRUE(timer.armed());
  loop->run();
  EXPECT_EQ(fired, 1);
  timer.arm(milliseconds(0));
  timer.stop();
  EXPECT_FALSE(timer.armed());
  loop->run();
  EXPECT_EQ(fired, 1);
  EXPECT_FALSE(Timer().armed());
}

TEST(UvTimer, MovesWithoutLosingItsCallback) {
  const auto loop = make_loop();
  int fired = 0;
  Timer first(*loop, [&] { ++fired; });
  first.arm(milliseconds(0));
  Timer second = std::move(first);
  loop->run();
  EXPECT_EQ(fired, 1);
}

TEST(UvSignal, DeliversWhileItExists) {
  const auto loop = make_loop();
  int got = 0;
  {
    auto signal = Signal::create(*loop, SIGUSR2, [&](int number) {
      got = number;
      loop->stop();
    });
    ASSERT_TRUE(signal);
    ::raise(SIGUSR2);
    loop->run();
  }
  EXPECT_EQ(got, SIGUSR2);
}

TEST(UvSignal, NamesTheSignalThatCannotBeWatched) {
  const auto loop = make_loop();
  const auto signal = Signal::create(*loop, SIGKILL, [](int) {});
  ASSERT_FALSE(signal);
  EXPECT_EQ(signal.error().message, "cannot watch SIGKILL: Invalid argument");
}

TEST(UvAsync, SeveralPostsMakeOneCallAndDoNotKeepTheLoopAlive) {
  const auto loop = make_loop();
  int calls = 0;
  auto async = Async::create(*loop, [&] { ++calls; });
  ASSERT_TRUE(async);
  loop->run();  // returns although the wake-up exists
  Timer keeps_loop_alive(*loop, [] {});
  keeps_loop_alive.arm(std::chrono::hours(1));
  async->post();
  async->post();
  loop->run_once(Loop::Wait::no);
  loop->run_once(Loop::Wait::no);
  EXPECT_EQ(calls, 1);
}

TEST(UvPoll, ReportsReadableUntilItIsRead) {
  const auto loop = make_loop();
  Pipe pipe;
  int calls = 0;
  auto poll = Poll::create(*loop, pipe.read.get(), [&](Poll::Ready ready) {
    EXPECT_TRUE(ready.readable);
    EXPECT_FALSE(ready.failed);
    if (++calls == 2) {
      char byte = 0;
      EXPECT_EQ(::read(pipe.read.get(), &byte, 1), 1);
    }
  });
  ASSERT_TRUE(poll);
  poll->start(Poll::Interest::readable);
  ASSERT_EQ(::write(pipe.write.get(), "x", 1), 1);
  for (int turn = 0; turn < 4; ++turn) {
    loop->run_once(Loop::Wait::no);
  }
  EXPECT_EQ(calls, 2);
}

TEST(UvPoll, APipeWithoutReaderHasFailed) {
  const auto loop = make_loop();
  Pipe pipe;
  Poll::Ready seen;
  auto poll = Poll::create(*loop, pipe.write.get(), [&](Poll::Ready ready) { seen = ready; });
  ASSERT_TRUE(poll);
  pipe.read.reset();
  poll->start(Poll::Interest::writable);
  loop->run();
  EXPECT_TRUE(seen.failed);
  EXPECT_TRUE(seen.writable);
}

TEST(UvPoll, StoppedMeansSilent) {
  const auto loop = make_loop();
  Pipe pipe;
  auto poll = Poll::create(*loop, pipe.write.get(), [](Poll::Ready) { FAIL(); });
  ASSERT_TRUE(poll);
  poll->start(Poll::Interest::writable);
  poll->stop();
  loop->run();
}

TEST(UvPoll, MayBeDestroyedInsideOfItsOwnCallback) {
  const auto loop = make_loop();
  Pipe pipe;
  Poll poll;
  auto created = Poll::create(*loop, pipe.write.get(), [&](Poll::Ready) { poll.reset(); });
  ASSERT_TRUE(created);
  poll = std::move(*created);
  poll.start(Poll::Interest::writable);
  loop->run();
  EXPECT_FALSE(poll);
}

TEST(UvPoll, RefusesARegularFile) {
  const auto loop = make_loop();
  char name[] = "/tmp/modinit-poll-XXXXXX";
  const UniqueFd file(::mkstemp(name));
  ::unlink(name);
  EXPECT_FALSE(Poll::create(*loop, file.get(), [](Poll::Ready) {}));
}

TEST(UvLoop, NothingHereStartsAThread) {
  const auto loop = make_loop();
  auto signal = Signal::create(*loop, SIGUSR1, [](int) {});
  auto async = Async::create(*loop, [] {});
  Timer timer(*loop, [&] { loop->stop(); });
  timer.arm(milliseconds(1));
  loop->run();
  int threads = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++threads;
  }
  EXPECT_EQ(threads, 1);
}

}  // namespace
}  // namespace sv::shell::uv
