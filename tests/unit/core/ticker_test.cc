#include "core/ticker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace sv::core {
namespace {

using namespace std::chrono_literals;

/// Both clocks, moved together or apart.
struct Clocks {
  Now now{MonoTime{} + 1000h, WallTime{} + 1795400296s};  // one second into a 5 s slice

  void pass(Duration d) {
    now.mono += d;
    now.wall += d;
  }
};

constexpr TickSubscriptions kFive{.tick_5 = true};
constexpr TickSubscriptions kAll{.tick_5 = true, .tick_60 = true, .tick_3600 = true};

TEST(Ticker, HasNoDeadlineWhileNobodySubscribes) {
  Ticker ticker;
  EXPECT_TRUE(ticker.update({}, Clocks{}.now).empty());
  EXPECT_EQ(ticker.deadline(), std::nullopt);
}

TEST(Ticker, FirstCallOnlyRecordsTheSlice) {
  Clocks clocks;
  Ticker ticker;
  EXPECT_TRUE(ticker.update(kFive, clocks.now).empty());
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 4s);
}

TEST(Ticker, EmitsTheStartOfEachSliceAtItsBeginning) {
  Clocks clocks;
  Ticker ticker;
  (void)ticker.update(kFive, clocks.now);
  clocks.pass(3999ms);
  EXPECT_TRUE(ticker.update(kFive, clocks.now).empty());
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 1ms);
  clocks.pass(1ms);
  EXPECT_EQ(ticker.update(kFive, clocks.now),
            (std::vector<Event>{tick_event(EventType::tick_5, 1795400300)}));
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 5s);
  EXPECT_TRUE(ticker.update(kFive, clocks.now).empty()) << "once per slice";
}

TEST(Ticker, SlicesThatPassedAtOnceGiveOnlyTheNewest) {
  Clocks clocks;
  Ticker ticker;
  (void)ticker.update(kFive, clocks.now);
  clocks.pass(61s);
  EXPECT_EQ(ticker.update(kFive, clocks.now),
            (std::vector<Event>{tick_event(EventType::tick_5, 1795400355)}));
}

TEST(Ticker, SettingTheWallClockBackGivesOneEventToo) {
  Clocks clocks;
  Ticker ticker;
  (void)ticker.update(kFive, clocks.now);
  clocks.now.wall -= 3600s;
  EXPECT_EQ(ticker.update(kFive, clocks.now),
            (std::vector<Event>{tick_event(EventType::tick_5, 1795400295 - 3600)}));
}

TEST(Ticker, PeriodsAreIndependentAndTheEarliestCounts) {
  Clocks clocks;
  clocks.now.wall = WallTime{} + 3598s;
  Ticker ticker;
  (void)ticker.update(kAll, clocks.now);
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 2s);
  clocks.pass(2s);
  EXPECT_EQ(
      ticker.update(kAll, clocks.now),
      (std::vector<Event>{tick_event(EventType::tick_5, 3600), tick_event(EventType::tick_60, 3600),
                          tick_event(EventType::tick_3600, 3600)}));
  const TickSubscriptions hourly{.tick_3600 = true};
  EXPECT_TRUE(ticker.update(hourly, clocks.now).empty());
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 3600s);
}

TEST(Ticker, AnEndedSubscriptionIsForgotten) {
  Clocks clocks;
  Ticker ticker;
  (void)ticker.update(kFive, clocks.now);
  (void)ticker.update({}, clocks.now);
  EXPECT_EQ(ticker.deadline(), std::nullopt);
  clocks.pass(10s);
  EXPECT_TRUE(ticker.update(kFive, clocks.now).empty()) << "a new baseline, no old event";
}

TEST(Ticker, WorksBeforeTheEpoch) {
  Clocks clocks;
  clocks.now.wall = WallTime{} - 1s;
  Ticker ticker;
  (void)ticker.update(kFive, clocks.now);
  EXPECT_EQ(ticker.deadline(), clocks.now.mono + 1s);
  clocks.pass(1s);
  EXPECT_EQ(ticker.update(kFive, clocks.now),
            (std::vector<Event>{tick_event(EventType::tick_5, 0)}));
}

TEST(Ticker, AnHourHasEachSliceOnceAndInOrder) {
  Clocks clocks;
  clocks.now.wall = WallTime{} + 1795399200s - 1ms;  // just before a full hour
  Ticker ticker;
  (void)ticker.update(kAll, clocks.now);
  const MonoTime end = clocks.now.mono + 1h;
  std::vector<Event> heard;
  while (ticker.deadline() <= end) {
    clocks.pass(*ticker.deadline() - clocks.now.mono);
    for (Event& event : ticker.update(kAll, clocks.now)) {
      heard.push_back(std::move(event));
    }
  }
  std::vector<Event> expected;
  for (std::int64_t when = 1795399200; when < 1795399200 + 3600; when += 5) {
    expected.push_back(tick_event(EventType::tick_5, when));
    if (when % 60 == 0) {
      expected.push_back(tick_event(EventType::tick_60, when));
    }
    if (when % 3600 == 0) {
      expected.push_back(tick_event(EventType::tick_3600, when));
    }
  }
  EXPECT_EQ(heard.size(), 720U + 60U + 1U);
  EXPECT_EQ(heard, expected);
}

TEST(Ticker, DeadlineIsAlwaysAheadSoThatTheLoopCannotSpin) {
  Clocks clocks;
  Ticker ticker;
  for (int i = 0; i < 2000; ++i) {
    (void)ticker.update(kAll, clocks.now);
    ASSERT_GT(ticker.deadline(), clocks.now.mono);
    // The wall clock is slewed: it may be a little behind when the deadline comes.
    const Duration wait = *ticker.deadline() - clocks.now.mono;
    clocks.now.mono += wait;
    clocks.now.wall += wait - (i % 3 == 0 ? wait / 7 : Duration::zero());
  }
}

}  // namespace
}  // namespace sv::core
