#include "navi/notice.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

namespace sv::navi {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kMoment{1795400754s + 5840827ns};

Notice notice(std::string payload, std::string event = "E") {
  return notice_from_frame({{{"eventname", std::move(event)}, {"len", "1"}}, std::move(payload)},
                           kMoment);
}

nlohmann::json parsed(const Notice& notice) {
  return nlohmann::json::parse(render(notice));
}

TEST(Notice, BeginsLikeTheOriginals) {
  const Notice crash = notice_from_event(
      {"supervisor", 21, "navi", 7, "PROCESS_STATE_EXITED"},
      "processname:app groupname:app from_state:RUNNING expected:0 pid:42", kMoment);
  EXPECT_EQ(render(crash),
            R"({"Header":{"eventname":"PROCESS_STATE_EXITED","len":"66","pool":"navi",)"
            R"("poolserial":"7","serial":"21","server":"supervisor","ver":"3.0"},)"
            R"("Metadata":{"expected":"0","from_state":"RUNNING","groupname":"app","pid":"42",)"
            R"("processname":"app"},"Payload":"","ReceivedAt":"2026-11-23T02:25:54.005840827Z",)"
            R"("Version":2,"Kind":"crash","Phase":"running",)"
            R"("Process":{"Name":"app","Group":"app","Pid":42}})");
}

TEST(Notice, SplitsThePayloadAtTheFirstLineFeed) {
  const Notice log = notice("processname:a groupname:b pid:1 channel:stdout\nline 1\nline 2\n");
  EXPECT_EQ(parsed(log)["Metadata"]["channel"], "stdout");
  EXPECT_EQ(parsed(log)["Payload"], "line 1\nline 2\n");
  EXPECT_EQ(parsed(notice("when:5"))["Metadata"]["when"], "5");
  EXPECT_EQ(parsed(notice("when:5"))["Payload"], "");
}

TEST(Notice, TakesAnEmptyPayload) {  // the original died of it (N4)
  EXPECT_EQ(parsed(notice(""))["Metadata"], nlohmann::json::object());
}

TEST(Notice, TakesTokensOfAnyForm) {  // N5, N6
  const nlohmann::json odd = parsed(notice("lost processname:a:b  groupname:http://x q:my app\n"));
  EXPECT_EQ(odd["Metadata"],
            (nlohmann::json{{"processname", "a:b"}, {"groupname", "http://x"}, {"q", "my app"}}));
}

TEST(Notice, OfEqualKeysTheLastCounts) {
  EXPECT_EQ(parsed(notice("a:1 a:2"))["Metadata"]["a"], "2");
}

TEST(Notice, KindSaysWhatHappened) {
  struct Row {
    const char* event;
    const char* payload;
    std::optional<Kind> kind;
    std::optional<Phase> phase;
  };
  const std::vector<Row> rows{
      {"PROCESS_STATE_EXITED", "expected:0", Kind::crash, Phase::running},
      {"PROCESS_STATE_EXITED", "expected:1", Kind::exit, Phase::running},
      {"PROCESS_STATE_BACKOFF", "tries:1", Kind::crash, Phase::starting},
      {"PROCESS_STATE_FATAL", "", Kind::fatal, std::nullopt},
      {"PROCESS_STATE_RUNNING", "", std::nullopt, std::nullopt},
      {"TICK_5", "when:5", std::nullopt, std::nullopt},
  };
  for (const Row& row : rows) {
    const Notice made = notice(row.payload, row.event);
    EXPECT_EQ(made.kind, row.kind) << row.event;
    EXPECT_EQ(made.phase, row.phase) << row.event;
  }
  EXPECT_FALSE(parsed(notice("when:5", "TICK_5")).contains("Kind"));
}

TEST(Notice, EscapesLikeTheOriginal) {
  EXPECT_NE(render(notice("\n<a>&\xE2\x80\xA8\xE2\x80\xA9"))
                .find(R"("Payload":"\u003ca\u003e\u0026\u2028\u2029")"),
            std::string::npos);
  EXPECT_NE(render(notice("\n\b\f\n\r\t\x01\"\\b\x7F \xC3\xA9"))
                .find("\"Payload\":\"\\u0008\\u000c\\n\\r\\t\\u0001\\\"\\\\b\x7F \xC3\xA9\""),
            std::string::npos);
}

TEST(Notice, ReplacesEveryInvalidByte) {
  EXPECT_EQ(parsed(notice("k:\xFFv\n\xC3x\x80"))["Payload"], "\xEF\xBF\xBDx\xEF\xBF\xBD");
  EXPECT_EQ(parsed(notice("k:\xFFv\n"))["Metadata"]["k"], "\xEF\xBF\xBDv");
}

TEST(Notice, CarriesWhatIsKnownOfTheProcess) {
  Notice full = notice("processname:app groupname:g", "PROCESS_STATE_EXITED");
  ProcessFacts facts;
  facts.name = "app";
  facts.group = "g";
  facts.pid = 42;
  facts.command = "start";
  facts.user = "mop";
  facts.started_at = kMoment - 44s;
  facts.ended_at = kMoment;
  facts.uptime = 43905ms;
  facts.status = WaitStatus::from_signal(9);
  facts.stopped_by_supervisor = false;
  facts.restarts = 3;
  facts.will_restart = true;
  facts.next_start_at = kMoment + 1s;
  full.process = facts;
  MemoryFacts memory;
  memory.verdict = MemoryVerdict::certain;
  memory.source = MemoryFacts::Source::kernel;
  memory.kills_before = 2;
  memory.kills_after = 3;
  memory.cgroup_version = 1;
  memory.counter = "memory.oom_control";
  memory.limit_bytes = 125'829'120;
  memory.peak_bytes = 125'829'120;
  full.memory = memory;
  full.resources = ResourceFacts{118'000'000, 12'400ms, 1'100ms};
  full.output = OutputFacts{OutputFacts::Channel{"/mnt/log/app.log", "last words\n"},
                            OutputFacts::Channel{std::nullopt, "oops\n"}};
  full.container = ContainerFacts{"384a38615256", 1};
  full.suppressed = 2;
  NoticeNumbering(0xB1946AC9).number(full);
  const std::string text = render(full);
  EXPECT_NE(text.find(R"("Id":"b1946ac9-000000000001","Sequence":1,)"
                      R"("Process":{"Name":"app","Group":"g","Pid":42,"Command":"start",)"
                      R"("User":"mop","StartedAt":"2026-11-23T02:25:10.005840827Z",)"
                      R"("EndedAt":"2026-11-23T02:25:54.005840827Z","UptimeSeconds":43.905,)"
                      R"("ExitCode":null,"Signal":9,"SignalName":"SIGKILL","CoreDumped":false,)"
                      R"("StoppedBySupervisor":false,"Restarts":3,"WillRestart":true,)"
                      R"("NextStartAt":"2026-11-23T02:25:55.005840827Z"},)"
                      R"("Memory":{"Verdict":"certain","Kind":"kernel","Attributed":true,)"
                      R"("KillsBefore":2,"KillsAfter":3,"CgroupVersion":1,)"
                      R"("Counter":"memory.oom_control","LimitBytes":125829120,)"
                      R"("PeakBytes":125829120},)"
                      R"("Resources":{"MaxRssBytes":118000000,"UserSeconds":12.4,)"
                      R"("SystemSeconds":1.1},)"
                      R"("Output":{"Stdout":{"File":"/mnt/log/app.log","Tail":"last words\n"},)"
                      R"("Stderr":{"Tail":"oops\n"}},)"
                      R"("Container":{"Hostname":"384a38615256","DaemonPid":1},)"
                      R"("Suppressed":2})"),
            std::string::npos)
      << text;
  full.process->status = WaitStatus::from_exit(3);
  EXPECT_NE(render(full).find(R"("ExitCode":3,"Signal":null,"SignalName":null)"),
            std::string::npos);
}

TEST(Notice, ATailIsBoundedAndBeginsWithAWholeCharacter) {
  Notice made = notice("");
  std::string tail = "\xE2\x82\xAC";
  tail += std::string(OutputFacts::kMaxTailBytes - 1, 'x');
  made.output = OutputFacts{OutputFacts::Channel{"f", tail}, std::nullopt};
  EXPECT_EQ(parsed(made)["Output"]["Stdout"]["Tail"],
            std::string(OutputFacts::kMaxTailBytes - 1, 'x'));
}

TEST(Notice, OfLossCountsWhatIsMissing) {
  const nlohmann::json lost = parsed(notice_of_loss(7, kMoment));
  EXPECT_EQ(lost["Kind"], "lost");
  EXPECT_EQ(lost["Suppressed"], 7);
  EXPECT_EQ(lost["Header"]["eventname"], "REMOTE_COMMUNICATION");
  EXPECT_EQ(lost["Metadata"]["type"], "lost");
}

TEST(Notice, NumbersAreUniqueWithinARun) {
  NoticeNumbering numbering(1);
  Notice first = notice("");
  Notice second = notice("");
  numbering.number(first);
  numbering.number(second);
  EXPECT_EQ(first.id, "00000001-000000000001");
  EXPECT_EQ(second.id, "00000001-000000000002");
  EXPECT_EQ(second.sequence, 2U);
}

TEST(UtcTimestamp, AlwaysHasNineDigits) {  // N14
  EXPECT_EQ(utc_timestamp(WallTime{}), "1970-01-01T00:00:00.000000000Z");
  EXPECT_EQ(utc_timestamp(WallTime{} - 1ns), "1969-12-31T23:59:59.999999999Z");
  EXPECT_EQ(utc_timestamp(WallTime{951782400s}), "2000-02-29T00:00:00.000000000Z");
}

}  // namespace
}  // namespace sv::navi
