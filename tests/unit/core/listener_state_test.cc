#include "core/listener_state.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.h"

namespace sv::core {
namespace {

const effect::Log kUnknown{
    Level::warn,
    "l: has entered the UNKNOWN state and will no longer receive events, this usually indicates "
    "the process violated the eventlistener protocol"};

effect::Log debug(std::string text) {
  return {Level::debug, std::move(text)};
}

ListenerProtocol busy() {
  ListenerProtocol listener("l");
  (void)listener.feed("READY\n");
  listener.event_sent();
  return listener;
}

TEST(ListenerProtocol, BeginsAcknowledgedAndBecomesReady) {
  ListenerProtocol listener("l");
  EXPECT_EQ(listener.state(), ListenerState::acknowledged);
  EXPECT_TRUE(listener.feed("READY").logs.empty());
  EXPECT_EQ(listener.state(), ListenerState::acknowledged);
  const auto outcome = listener.feed("\n");
  EXPECT_EQ(listener.state(), ListenerState::ready);
  EXPECT_EQ(outcome.verdict, std::nullopt);
  EXPECT_EQ(outcome.logs, (std::vector<effect::Log>{debug("l: ACKNOWLEDGED -> READY")}));
}

TEST(ListenerProtocol, ReportsAProcessedEvent) {
  ListenerProtocol listener = busy();
  EXPECT_EQ(listener.state(), ListenerState::busy);
  const auto outcome = listener.feed("RESULT 2\nOKREADY\n");
  EXPECT_EQ(outcome.verdict, Verdict::processed);
  EXPECT_EQ(outcome.logs, (std::vector<effect::Log>{debug("l: event was processed"),
                                                    debug("l: BUSY -> ACKNOWLEDGED"),
                                                    debug("l: ACKNOWLEDGED -> READY")}));
  EXPECT_EQ(listener.state(), ListenerState::ready);
}

TEST(ListenerProtocol, AnythingButOkIsARejection) {
  for (const char* result : {"RESULT 4\nFAIL", "RESULT 1\nO", "RESULT 3\nOKO", "RESULT 2\nok",
                             "RESULT 0\n", "RESULT 2\nO\n"}) {
    ListenerProtocol listener = busy();
    const auto outcome = listener.feed(result);
    EXPECT_EQ(outcome.verdict, Verdict::rejected) << result;
    EXPECT_EQ(listener.state(), ListenerState::acknowledged) << result;
    EXPECT_EQ(outcome.logs.front(), (effect::Log{Level::warn, "l: event was rejected"})) << result;
  }
}

TEST(ListenerProtocol, ChecksOnlyTheLengthOfTheWordResult) {
  for (const char* line : {"XXXXXXX2\nOK", "RESULT +2\nOK", "RESULT  2 \nOK", "RESULT 2\r\nOK"}) {
    ListenerProtocol listener = busy();
    EXPECT_EQ(listener.feed(line).verdict, Verdict::processed) << line;
  }
}

TEST(ListenerProtocol, ABadResultLineRejectsTheEventAndEndsTheListener) {
  struct Row {
    std::string line;
    std::string printed;
  };
  const std::vector<Row> rows{
      {"RESULT x", "RESULT x"},
      {"", ""},
      {"OK", "OK"},
      {"RESULT -1", "RESULT -1"},
      {"RESULT 2.0", "RESULT 2.0"},
      {"RESULT 99999999999999999999", "RESULT 99999999999999999999"},
      {"RESULT \xFF", "Undecodable: b'RESULT \\xff'"},
      {"RESULT 1048577", "RESULT 1048577"},
  };
  for (const Row& row : rows) {
    ListenerProtocol listener = busy();
    const auto outcome = listener.feed(row.line + "\nREADY\n");
    EXPECT_EQ(outcome.verdict, Verdict::rejected) << row.printed;
    EXPECT_EQ(outcome.logs,
              (std::vector<effect::Log>{{Level::warn, "l: bad result line: '" + row.printed + "'"},
                                        debug("l: BUSY -> UNKNOWN"),
                                        kUnknown}));
    EXPECT_EQ(listener.state(), ListenerState::unknown);
  }
}

TEST(ListenerProtocol, AResultLineIsBounded) {
  ListenerProtocol listener = busy();
  EXPECT_EQ(listener.feed(std::string(ListenerProtocol::kMaxResultLine, ' ')).verdict,
            std::nullopt);
  EXPECT_EQ(listener.feed("2\n").verdict, Verdict::rejected);
  EXPECT_EQ(listener.state(), ListenerState::unknown);
}

TEST(ListenerProtocol, ALargeResultIsReadToItsEnd) {
  ListenerProtocol listener = busy();
  EXPECT_EQ(listener.feed("RESULT 1048576\n").verdict, std::nullopt);
  const std::string part(1024, 'O');
  for (int i = 0; i < 1023; ++i) {
    ASSERT_EQ(listener.feed(part).verdict, std::nullopt);
  }
  EXPECT_EQ(listener.feed(part + "READY\n").verdict, Verdict::rejected);
  EXPECT_EQ(listener.state(), ListenerState::ready);
}

TEST(ListenerProtocol, WaitsForSixBytesBeforeItJudges) {
  ListenerProtocol listener("l");
  EXPECT_TRUE(listener.feed("hello").logs.empty());
  const auto outcome = listener.feed("!");
  EXPECT_EQ(outcome.logs,
            (std::vector<effect::Log>{debug("l: ACKNOWLEDGED -> UNKNOWN"), kUnknown}));
  EXPECT_EQ(outcome.verdict, std::nullopt) << "there was no event to reject";
}

TEST(ListenerProtocol, ASecondReadyIsAViolation) {
  ListenerProtocol listener("l");
  const auto outcome = listener.feed("READY\nREADY\n");
  EXPECT_EQ(listener.state(), ListenerState::unknown);
  EXPECT_EQ(outcome.logs, (std::vector<effect::Log>{debug("l: ACKNOWLEDGED -> READY"),
                                                    debug("l: READY -> UNKNOWN"), kUnknown}));
}

TEST(ListenerProtocol, UnknownDiscardsEverythingUntilTheProcessIsNew) {
  ListenerProtocol listener("l");
  (void)listener.feed("nonsense");
  EXPECT_TRUE(listener.feed("READY\n").logs.empty());
  EXPECT_EQ(listener.state(), ListenerState::unknown);
  listener.restarted();
  EXPECT_EQ(listener.state(), ListenerState::acknowledged);
  (void)listener.feed("READY\n");
  EXPECT_EQ(listener.state(), ListenerState::ready);
}

TEST(ListenerProtocol, ANewProcessInheritsNothing) {
  ListenerProtocol listener = busy();
  (void)listener.feed("RESULT 100\nabc");
  listener.restarted();
  (void)listener.feed("READY\n");
  listener.event_sent();
  EXPECT_EQ(listener.feed("RESULT 2\nOK").verdict, Verdict::processed);

  listener.restarted();
  (void)listener.feed("REA");
  listener.restarted();
  (void)listener.feed("READY\n");
  EXPECT_EQ(listener.state(), ListenerState::ready);
}

TEST(ListenerProtocol, AnEventThatCouldNotBeSentLeavesItReady) {
  ListenerProtocol listener = busy();
  listener.event_not_sent();
  EXPECT_EQ(listener.state(), ListenerState::ready);
}

TEST(ListenerProtocol, DoesNotDependOnWhereReadsEnd) {
  std::mt19937 random(20261126);
  const std::vector<std::string> words{"READY\n", "RESULT 2\nOK", "RESULT 4\nFAIL", "RESULT ", "\n",
                                       "x",       "RESULT 0\n",   "RESULT -1\n"};
  for (int round = 0; round < 2000; ++round) {
    std::string whole;
    for (auto count = random() % 5; count > 0; --count) {
      whole += words[random() % words.size()];
    }
    ListenerProtocol one = busy();
    const auto expected = one.feed(whole);
    ListenerProtocol other = busy();
    std::optional<Verdict> verdict;
    std::vector<effect::Log> logs;
    for (std::size_t at = 0; at < whole.size();) {
      const std::size_t length = 1 + random() % 5;
      const auto outcome = other.feed(std::string_view(whole).substr(at, length));
      verdict = outcome.verdict ? outcome.verdict : verdict;
      logs.insert(logs.end(), outcome.logs.begin(), outcome.logs.end());
      at += length;
    }
    ASSERT_EQ(other.state(), one.state()) << python_repr(whole);
    ASSERT_EQ(verdict, expected.verdict) << python_repr(whole);
    ASSERT_EQ(logs, expected.logs) << python_repr(whole);
  }
}

}  // namespace
}  // namespace sv::core
