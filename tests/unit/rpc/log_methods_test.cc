#include "rpc/log_methods.h"

#include <gtest/gtest.h>

#include "rpc_fixture.h"

namespace sv::rpc {
namespace {

const std::string kFourteenBytes = "hello\nh\xC3\xA9\nbin\n";

class LogMethods : public RpcTest {
 protected:
  LogMethods() {
    host.activate(group("a", {{.name = "a", .autostart = false}}));
    host.activate(
        group("g", {{.name = "silent", .autostart = false}, {.name = "gone", .autostart = false}}));
    host.stdout_logs = {{"a", "/log/a.out"}, {"gone", "/log/gone.out"}};
    host.stderr_logs = {{"a", "/log/a.err"}};
    host.files = {
        {"/log/a.out", kFourteenBytes}, {"/log/a.err", "oops"}, {"/log/main.log", "main"}};
  }

  [[nodiscard]] static XmlRpcReply text(std::string_view value) { return XmlRpcValue(value); }
  [[nodiscard]] static XmlRpcReply tail(std::string_view value, int offset, bool overflow) {
    return XmlRpcValue(XmlRpcArray{value, offset, overflow});
  }
};

// Reading -----------------------------------------------------------------------------------------

TEST_F(LogMethods, ReadsFromAnOffsetOrTheEnd) {
  struct Case {
    int offset;
    int length;
    std::string_view expected;
  };
  const Case cases[] = {{0, 0, kFourteenBytes},
                        {0, 5, "hello"},
                        {6, 0, "h\xC3\xA9\nbin\n"},
                        {10, 3, "bin"},
                        {10, 100, "bin\n"},
                        {14, 0, ""},
                        {100, 0, ""},
                        {100, 5, ""},
                        {-4, 0, "bin\n"},
                        {-14, 0, kFourteenBytes},
                        {-100, 0, kFourteenBytes}};
  for (const Case& c : cases) {
    EXPECT_EQ(call("readProcessStdoutLog", {"a", c.offset, c.length}), text(c.expected))
        << c.offset << "," << c.length;
  }
}

TEST_F(LogMethods, CombinationsWithoutMeaningAreRefused) {
  for (const auto& [offset, length] : {std::pair{-4, 2}, {0, -1}, {-1, -1}, {100, -5}}) {
    EXPECT_EQ(call("readProcessStdoutLog", {"a", offset, length}), fault(3, "BAD_ARGUMENTS"));
    EXPECT_EQ(call("readLog", {offset, length}), fault(3, "BAD_ARGUMENTS"));
  }
}

TEST_F(LogMethods, EachNameReadsItsChannel) {
  EXPECT_EQ(call("readProcessLog", {"a", 0, 5}), text("hello"));
  EXPECT_EQ(call("readProcessStderrLog", {"a", 0, 0}), text("oops"));
  EXPECT_EQ(call("readLog", {0, 0}), text("main"));
  EXPECT_EQ(call("readMainLog", {-2, 0}), text("in"));
}

TEST_F(LogMethods, LogsThatCannotBeReadSayWhy) {
  EXPECT_EQ(call("readProcessStdoutLog", {"g:silent", 0, 0}), fault(20, "NO_FILE"));
  EXPECT_EQ(call("readProcessStdoutLog", {"g:gone", 0, 0}), fault(20, "NO_FILE: /log/gone.out"));
  host.unreadable = {"/log/a.out"};
  EXPECT_EQ(call("readProcessStdoutLog", {"a", 0, 0}), fault(30, "FAILED"));
  host.files.erase("/log/main.log");
  EXPECT_EQ(call("readLog", {0, 0}), fault(20, "NO_FILE: /log/main.log"));
  host.main_log.reset();
  EXPECT_EQ(call("readLog", {0, 0}), fault(20, "NO_FILE: syslog"));
}

TEST_F(LogMethods, OnlySingleProcessesHaveLogs) {
  for (const char* method : {"readProcessStdoutLog", "readProcessStderrLog", "tailProcessStdoutLog",
                             "tailProcessStderrLog"}) {
    EXPECT_EQ(call(method, {"g:*", 0, 0}), fault(10, "BAD_NAME: g:*")) << method;
    EXPECT_EQ(call(method, {"nosuch", 0, 0}), fault(10, "BAD_NAME: nosuch")) << method;
  }
  EXPECT_EQ(call("clearProcessLogs", {"g:*"}), fault(10, "BAD_NAME: g:*"));
}

TEST_F(LogMethods, OffsetsMayBeNumbersInAnyShape) {
  EXPECT_EQ(call("readProcessStdoutLog", {"a", "10", 3.9}), text("bin"));
  EXPECT_EQ(call("readProcessStdoutLog", {"a", XmlRpcValue(), 0}),
            fault(2, "INCORRECT_PARAMETERS"));
  EXPECT_EQ(call("readProcessStdoutLog", {"a", "x", 0}), fault(2, "INCORRECT_PARAMETERS"));
}

TEST(LogSpans, OneAnswerIsBounded) {
  const std::int64_t huge = kMaxLogReplyBytes * 3;
  EXPECT_EQ(*read_span(huge, 10, 0), (LogSpan{10, kMaxLogReplyBytes}));
  EXPECT_EQ(*read_span(huge, 0, huge), (LogSpan{0, kMaxLogReplyBytes}));
  EXPECT_EQ(*read_span(huge, -huge, 0), (LogSpan{huge - kMaxLogReplyBytes, kMaxLogReplyBytes}));
  EXPECT_EQ(tail_span(huge, 0, huge).span, (LogSpan{huge - kMaxLogReplyBytes, kMaxLogReplyBytes}));
}

TEST(LogSpans, ExtremeArgumentsDoNotOverflow) {
  constexpr std::int64_t kMax = std::int64_t{1} << 61;
  EXPECT_EQ(tail_span(14, kMax, kMax), (TailSpan{{14, 0}, false}));
  EXPECT_EQ(tail_span(14, -kMax, kMax), (TailSpan{{0, 14}, true}));
  EXPECT_EQ(tail_span(14, -kMax, -kMax), (TailSpan{{13, 0}, true}));
  EXPECT_EQ(tail_span(0, 0, 0), (TailSpan{{0, 0}, false}));
  EXPECT_EQ(tail_span(0, -1, 0), (TailSpan{{0, 0}, true}));
  EXPECT_EQ(*read_span(14, kMax, kMax), (LogSpan{14, 0}));
}

// Tailing -----------------------------------------------------------------------------------------

TEST_F(LogMethods, TailTellsWhetherThereIsSomethingNew) {
  struct Case {
    int offset;
    int length;
    std::string_view expected;
    bool overflow;
  };
  const Case cases[] = {
      {0, 0, "", true},
      {13, 2, "n\n", false},
      {0, 5, "\nbin\n", true},
      {12, 1, "\n", true},
      {0, 14, kFourteenBytes, false},
      {19, 5, "", false},
      {0, 15, kFourteenBytes, false},
      {5, 1000, kFourteenBytes, false},
      {0, 13, "ello\nh\xC3\xA9\nbin\n", true},
      {-4, 2, "n\n", true},
      {3, 4, "bin\n", true},
      {-4, 100, kFourteenBytes, false},
      {14, 5, "", false},
      {-1, 0, "", true},
      {13, 1, "\n", false},
      {0, -3, "", true},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(call("tailProcessStdoutLog", {"a", c.offset, c.length}),
              tail(c.expected, 14, c.overflow))
        << c.offset << "," << c.length;
  }
}

TEST_F(LogMethods, TailOfNothingIsEmpty) {
  EXPECT_EQ(call("tailProcessStdoutLog", {"g:silent", 7, 5}), tail("", 0, false));
  EXPECT_EQ(call("tailProcessLog", {"g:gone", 7, 5}), tail("", 0, false));
  host.unreadable = {"/log/a.err"};
  EXPECT_EQ(call("tailProcessStderrLog", {"a", 2, 100}), tail("", 2, false));
}

// Clearing ----------------------------------------------------------------------------------------

TEST_F(LogMethods, ClearingEmptiesBothLogsOfAStoppedProgramToo) {
  ASSERT_EQ(host.world.state("a"), core::ProcessState::stopped);
  EXPECT_EQ(call("clearProcessLogs", {"a"}), yes());
  EXPECT_EQ(host.files["/log/a.out"], "");
  EXPECT_EQ(host.files["/log/a.err"], "");
  EXPECT_EQ(call("clearProcessLog", {"g:silent"}), yes());
  host.unremovable = {"silent"};
  EXPECT_EQ(call("clearProcessLogs", {"g:silent"}), fault(30, "FAILED: g:silent"));
}

TEST_F(LogMethods, ClearingAllAnswersForEveryProcessAtOnce) {
  host.unremovable = {"gone"};
  EXPECT_EQ(call("clearAllProcessLogs"), list({status("a", "a"), status("silent", "g"),
                                               status("gone", "g", 30, "FAILED: g:gone")}));
}

TEST_F(LogMethods, ClearingTheMainLogNeedsOne) {
  EXPECT_EQ(call("clearLog"), yes());
  EXPECT_EQ(host.files["/log/main.log"], "");
  host.unremovable = {""};
  EXPECT_EQ(call("clearLog"), fault(30, "FAILED"));
  host.files.erase("/log/main.log");
  EXPECT_EQ(call("clearLog"), fault(20, "NO_FILE"));
}

}  // namespace
}  // namespace sv::rpc
