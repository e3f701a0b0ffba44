#include "core/event_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace sv::core {
namespace {

using namespace std::chrono_literals;
using pool_effect::Deliver;

constexpr ProcessId kFirst{1};
constexpr ProcessId kSecond{2};
constexpr ProcessId kOther{3};

PoolSpec pool(std::string name, std::vector<ProcessId> members, std::vector<EventType> events) {
  PoolSpec spec;
  spec.name = std::move(name);
  for (const ProcessId id : members) {
    spec.members.push_back({id, "l" + std::to_string(static_cast<unsigned>(id))});
  }
  spec.events = std::move(events);
  return spec;
}

/// The pools with a clock, and everything they asked for.
struct Scenario {
  EventPools pools;
  Now now{MonoTime{} + 1h, WallTime{} + 1000000s};
  std::vector<Deliver> delivered;
  std::vector<effect::Log> logs;

  explicit Scenario(std::uint64_t serial = 0) : pools(serial) {}

  void drain() {
    while (std::optional<PoolEffect> effect = pools.take_effect()) {
      if (auto* deliver = std::get_if<Deliver>(&*effect)) {
        delivered.push_back(std::move(*deliver));
      } else {
        logs.push_back(std::get<effect::Log>(*effect));
      }
    }
  }
  void publish(EventType type, std::string payload = "p") {
    pools.publish({type, std::move(payload)}, now);
    drain();
  }
  void state(ProcessId id, ProcessState to) {
    pools.process_changed(id, to, now);
    drain();
  }
  void says(ProcessId id, std::string_view text) {
    pools.listener_output(id, text, now);
    drain();
  }
  void up(ProcessId id) {
    state(id, ProcessState::starting);
    state(id, ProcessState::running);
    says(id, "READY\n");
  }
  void cannot_deliver(ProcessId id) {
    pools.delivery_failed(id, now);
    drain();
  }
  void pass(Duration d) {
    now.mono += d;
    now.wall += d;
    pools.deadline_reached(now);
    drain();
  }
  [[nodiscard]] std::vector<std::uint64_t> serials() const {
    std::vector<std::uint64_t> out;
    for (const Deliver& deliver : delivered) {
      out.push_back(deliver.serial);
    }
    return out;
  }
  [[nodiscard]] bool logged(Level level, std::string_view text) const {
    return std::ranges::find(logs, effect::Log{level, std::string(text)}) != logs.end();
  }
};

using Serials = std::vector<std::uint64_t>;

TEST(EventPools, DeliverToAReadyListenerAtOnce) {
  Scenario s;
  s.pools.add_pool(pool("rem", {kFirst}, {EventType::remote_communication}));
  s.up(kFirst);
  s.publish(EventType::remote_communication, "type:a\nb");
  ASSERT_EQ(s.delivered.size(), 1U);
  EXPECT_EQ(s.delivered[0],
            (Deliver{kFirst, "rem", 0, 0, {EventType::remote_communication, "type:a\nb"}}));
  EXPECT_TRUE(s.logged(Level::debug, "event 0 sent to listener l1"));
}

TEST(EventPools, SendNothingBeforeTheListenerIsRunningAndReady) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.publish(EventType::tick_5);
  s.state(kFirst, ProcessState::starting);
  s.says(kFirst, "READY\n");
  EXPECT_TRUE(s.delivered.empty()) << "ready while STARTING";
  s.state(kFirst, ProcessState::running);
  EXPECT_EQ(s.serials(), (Serials{0}));
  s.says(kFirst, "RESULT 2\nOK");
  s.publish(EventType::tick_5);
  EXPECT_EQ(s.serials(), (Serials{0})) << "acknowledged is not ready";
  s.says(kFirst, "READY\n");
  EXPECT_EQ(s.serials(), (Serials{0, 1}));
}

TEST(EventPools, OfferToTheFirstCapableMemberInOrder) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst, kSecond}, {EventType::tick}));
  s.up(kSecond);
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.publish(EventType::tick_5);
  s.publish(EventType::tick_5);
  ASSERT_EQ(s.delivered.size(), 2U);
  EXPECT_EQ(s.delivered[0].listener, kFirst);
  EXPECT_EQ(s.delivered[1].listener, kSecond);
  s.says(kSecond, "RESULT 2\nOKREADY\n");
  EXPECT_EQ(s.delivered.back().listener, kSecond);
}

TEST(EventPools, NumberEventsOverAllPoolsAndWithinEach) {
  Scenario s;
  s.pools.add_pool(pool("a", {kFirst}, {EventType::tick}));
  s.publish(EventType::tick_5);
  s.publish(EventType::remote_communication);  // nobody takes it: no serial
  s.pools.add_pool(pool("b", {kOther}, {EventType::event}));
  s.publish(EventType::tick_60);
  EXPECT_EQ(s.pools.next_serial(), 2U);
  s.up(kOther);
  ASSERT_EQ(s.delivered.size(), 1U);
  EXPECT_EQ(s.delivered[0].serial, 1U);
  EXPECT_EQ(s.delivered[0].pool_serial, 0U);
  s.up(kFirst);
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  EXPECT_EQ(s.delivered.back().serial, 1U);
  EXPECT_EQ(s.delivered.back().pool_serial, 1U);
}

TEST(EventPools, SerialsBeginAgainAfterTheLargest) {
  Scenario s(0x7FFFFFFFFFFFFFFFULL);
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.publish(EventType::tick_5);
  s.publish(EventType::tick_5);
  s.up(kFirst);
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  EXPECT_EQ(s.serials(), (Serials{0x7FFFFFFFFFFFFFFFULL, 0}));
}

TEST(EventPools, DeliverOnceForOverlappingSubscriptions) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick, EventType::tick_5, EventType::event}));
  s.publish(EventType::tick_5);
  EXPECT_EQ(s.pools.find("p")->buffered(), 1U);
}

TEST(EventPools, DiscardTheOldestWhenTheBufferIsFull) {
  Scenario s;
  PoolSpec spec = pool("p", {kFirst}, {EventType::tick});
  spec.buffer_size = 2;
  s.pools.add_pool(spec);
  for (int i = 0; i < 4; ++i) {
    s.publish(EventType::tick_5);
  }
  EXPECT_EQ(s.logs, (std::vector<effect::Log>{
                        {Level::error, "pool p event buffer overflowed, discarding event 0"},
                        {Level::error, "pool p event buffer overflowed, discarding event 1"}}));
  s.up(kFirst);
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  EXPECT_EQ(s.serials(), (Serials{2, 3}));
}

TEST(EventPools, BoundTheBufferInBytesToo) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  const std::string half(EventPool::kMaxBufferedBytes / 2, 'x');
  s.publish(EventType::tick_5, half);
  s.publish(EventType::tick_5, half);
  EXPECT_TRUE(s.logs.empty());
  s.publish(EventType::tick_5, "y");
  EXPECT_EQ(s.pools.find("p")->buffered(), 2U);
  EXPECT_TRUE(s.logged(Level::error, "pool p event buffer overflowed, discarding event 0"));
  s.publish(EventType::tick_5, half + half + "z");
  EXPECT_EQ(s.pools.find("p")->buffered(), 1U) << "kept although it is larger by itself";
}

TEST(EventPools, PutARejectedEventBackAtTheHeadWithItsSerials) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.publish(EventType::tick_5);
  s.says(kFirst, "RESULT 4\nFAIL");
  EXPECT_TRUE(s.logged(Level::warn, "l1: event was rejected"));
  EXPECT_TRUE(s.logged(Level::debug, "rebuffering event 0 for pool p (buf size=1, max=10)"));
  s.says(kFirst, "READY\n");
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  EXPECT_EQ(s.serials(), (Serials{0, 0, 1}));
  EXPECT_EQ(s.delivered[1].pool_serial, 0U);
}

TEST(EventPools, ARejectedEventDisplacesTheOldestOfAFullBuffer) {
  Scenario s;
  PoolSpec spec = pool("p", {kFirst}, {EventType::tick});
  spec.buffer_size = 1;
  s.pools.add_pool(spec);
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.publish(EventType::tick_5);
  s.says(kFirst, "RESULT 4\nFAIL");
  EXPECT_TRUE(s.logged(Level::error, "pool p event buffer overflowed, discarding event 1"));
  s.says(kFirst, "READY\n");
  EXPECT_EQ(s.serials(), (Serials{0, 0}));
}

TEST(EventPools, ARejectionStaysInItsPool) {
  Scenario s;
  s.pools.add_pool(pool("a", {kFirst}, {EventType::tick}));
  s.pools.add_pool(pool("b", {kOther}, {EventType::event}));
  s.up(kFirst);
  s.up(kOther);
  s.publish(EventType::tick_5);
  s.says(kOther, "RESULT 2\nOKREADY\n");
  s.says(kFirst, "RESULT 4\nFAIL");
  EXPECT_EQ(s.pools.find("a")->buffered(), 1U);
  EXPECT_EQ(s.pools.find("b")->buffered(), 0U);
  EXPECT_EQ(s.delivered.size(), 2U);
}

TEST(EventPools, PauseLongerWithEveryRejectionOfTheSameEvent) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.says(kFirst, "RESULT 4\nFAILREADY\n");
  EXPECT_EQ(s.delivered.size(), 2U) << "at once after the first rejection";
  for (const auto pause : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms, 1000ms}) {
    const std::size_t before = s.delivered.size();
    s.says(kFirst, "RESULT 4\nFAIL");
    EXPECT_EQ(s.pools.deadline(), std::nullopt) << "nothing to do before it is ready";
    s.says(kFirst, "READY\n");
    ASSERT_EQ(s.pools.deadline(), s.now.mono + pause);
    s.pass(pause - 1ms);
    EXPECT_EQ(s.delivered.size(), before);
    s.pass(1ms);
    EXPECT_EQ(s.delivered.size(), before + 1);
    EXPECT_EQ(s.pools.deadline(), std::nullopt);
  }
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  s.publish(EventType::tick_5);
  EXPECT_EQ(s.delivered.back().serial, 1U) << "another event knows no pause";
}

TEST(EventPools, TakeAnEventBackFromAListenerThatDies) {
  for (const ProcessState end : {ProcessState::exited, ProcessState::stopped, ProcessState::backoff,
                                 ProcessState::unknown}) {
    Scenario s;
    s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
    s.up(kFirst);
    s.publish(EventType::tick_5);
    s.state(kFirst, end);
    EXPECT_EQ(s.pools.find("p")->buffered(), 1U);
    s.up(kFirst);
    EXPECT_EQ(s.serials(), (Serials{0, 0})) << "and no pause, restarts are throttled already";
  }
}

TEST(EventPools, GiveTheEventOfADeadListenerToAnotherMember) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst, kSecond}, {EventType::tick}));
  s.up(kFirst);
  s.up(kSecond);
  s.publish(EventType::tick_5);
  s.state(kFirst, ProcessState::exited);
  ASSERT_EQ(s.delivered.size(), 2U);
  EXPECT_EQ(s.delivered[1].listener, kSecond);
}

TEST(EventPools, AStoppingListenerMayStillAnswerButGetsNothingNew) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.state(kFirst, ProcessState::stopping);
  s.says(kFirst, "RESULT 2\nOKREADY\n");
  s.publish(EventType::tick_5);
  s.state(kFirst, ProcessState::stopped);
  EXPECT_EQ(s.serials(), (Serials{0}));
  EXPECT_EQ(s.pools.find("p")->buffered(), 1U);
}

TEST(EventPools, AViolationRejectsTheEventAndTheListenerGetsNoMore) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.up(kFirst);
  s.publish(EventType::tick_5);
  s.says(kFirst, "bad\n");
  EXPECT_EQ(s.pools.find("p")->listener_state(kFirst), ListenerState::unknown);
  EXPECT_EQ(s.pools.find("p")->buffered(), 1U);
  s.says(kFirst, "READY\n");
  EXPECT_EQ(s.delivered.size(), 1U);
  s.state(kFirst, ProcessState::exited);
  s.up(kFirst);
  EXPECT_EQ(s.serials(), (Serials{0, 0}));
}

TEST(EventPools, TryTheNextMemberWhenOneCannotBeWrittenTo) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst, kSecond}, {EventType::tick}));
  s.up(kFirst);
  s.up(kSecond);
  s.publish(EventType::tick_5);
  s.cannot_deliver(kFirst);
  ASSERT_EQ(s.delivered.size(), 2U);
  EXPECT_EQ(s.delivered[1].listener, kSecond);
  EXPECT_TRUE(s.logged(Level::debug,
                       "epipe occurred while sending event 0 to listener l1, listener state "
                       "unchanged"));
  EXPECT_EQ(s.pools.find("p")->listener_state(kFirst), ListenerState::ready);
  s.publish(EventType::tick_5);
  EXPECT_EQ(s.delivered.size(), 2U) << "not tried again before it is restarted";
  EXPECT_EQ(s.pools.deadline(), std::nullopt);
  s.state(kFirst, ProcessState::exited);
  s.up(kFirst);
  EXPECT_EQ(s.delivered.back().listener, kFirst);
}

TEST(EventPools, ForgetARemovedPool) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  EXPECT_TRUE(s.pools.wants(EventType::tick_60));
  EXPECT_FALSE(s.pools.wants(EventType::process_log_stdout));
  s.publish(EventType::tick_5);
  s.pools.remove_pool("p");
  EXPECT_FALSE(s.pools.wants(EventType::tick_60));
  s.up(kFirst);
  EXPECT_TRUE(s.delivered.empty());
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.publish(EventType::tick_5);
  s.up(kFirst);
  ASSERT_EQ(s.delivered.size(), 1U);
  EXPECT_EQ(s.delivered[0].serial, 1U);
  EXPECT_EQ(s.delivered[0].pool_serial, 0U) << "begins again with the pool";
}

TEST(EventPools, IgnoreProcessesThatAreNotListeners) {
  Scenario s;
  s.pools.add_pool(pool("p", {kFirst}, {EventType::tick}));
  s.up(kOther);
  s.cannot_deliver(kOther);
  EXPECT_TRUE(s.logs.empty());
}

TEST(EventPools, KeepTheirPromisesUnderRandomTreatment) {
  std::mt19937 random(20261127);
  Scenario s;
  PoolSpec spec = pool("p", {kFirst, kSecond}, {EventType::event});
  spec.buffer_size = 5;
  s.pools.add_pool(spec);
  const std::vector<std::string> words{"READY\n", "RESULT 2\nOK", "RESULT 4\nFAIL", "x\n"};
  const std::vector<ProcessState> states{ProcessState::starting, ProcessState::running,
                                         ProcessState::stopping, ProcessState::exited};
  for (int step = 0; step < 10000; ++step) {
    const ProcessId id = random() % 2 == 0 ? kFirst : kSecond;
    switch (random() % 5) {
      case 0:
        s.publish(EventType::tick_5);
        break;
      case 1:
        s.says(id, words[random() % words.size()]);
        break;
      case 2:
        s.state(id, states[random() % states.size()]);
        break;
      case 3:
        s.pass(std::chrono::milliseconds(random() % 300));
        break;
      default:
        s.up(id);
        break;
    }
    ASSERT_LE(s.pools.find("p")->buffered(), 5U);
    if (const auto deadline = s.pools.deadline()) {
      ASSERT_GT(*deadline, s.now.mono) << "the loop would spin";
    }
  }
  EXPECT_GT(s.delivered.size(), 100U);
}

}  // namespace
}  // namespace sv::core
