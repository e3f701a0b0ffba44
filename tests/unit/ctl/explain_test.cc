#include "ctl/explain.h"

#include <gtest/gtest.h>

#include <string>

namespace sv::ctl {
namespace {

using wire::XmlRpcStruct;
using wire::XmlRpcValue;

XmlRpcStruct info(int state, const std::string& statename) {
  return {{"name", "a"},
          {"group", "web"},
          {"start", 900},
          {"stop", 940},
          {"now", 1000},
          {"state", state},
          {"statename", statename},
          {"spawnerr", ""},
          {"exitstatus", 3},
          {"pid", state == 20 ? 42 : 0},
          {"description", "the description"}};
}

std::string explained(const XmlRpcStruct& of, const XmlRpcStruct& program = {}) {
  return explain_text({XmlRpcValue(of), XmlRpcValue(program)}, Palette());
}

TEST(Explain, TellsWhatSupervisorKnows) {
  EXPECT_EQ(explained(info(30, "BACKOFF")),
            "web:a is BACKOFF\n"
            "  why        the description\n"
            "  last exit  exit status 3, 60 s ago\n");
}

TEST(Explain, TellsMoreWhenTheDaemonDoes) {
  const XmlRpcStruct program{
      {"since", 998.5},
      {"restarts", 5},
      {"failed_starts", 2},
      {"next_start", 1002.0},
      {"last_exit", XmlRpcStruct{{"text", "terminated by SIGSEGV (core dumped)"}}},
      {"usage", XmlRpcStruct{{"cpu_seconds", 1.25}, {"memory_bytes", 3565158}, {"processes", 1}}},
      {"settings", XmlRpcStruct{{"command", "/bin/app -x"}, {"start_retries", 3}}}};
  EXPECT_EQ(explained(info(30, "BACKOFF"), program),
            "web:a is BACKOFF since 2 s\n"
            "  why        the description\n"
            "  last exit  terminated by SIGSEGV (core dumped), 60 s ago\n"
            "  next try   in 2 s, after 2 of 4 failed\n"
            "  restarts   5\n"
            "  uses       3.4 MiB of memory and 1.3 s of CPU time in 1 process\n"
            "  command    /bin/app -x\n");
}

TEST(Explain, ShowsTheProcessThatRuns) {
  EXPECT_EQ(explained(info(20, "RUNNING")),
            "web:a is RUNNING\n"
            "  why        it was started and stayed up\n"
            "  process    pid 42, up for 0:01:40\n");
}

struct Why {
  int state;
  XmlRpcStruct settings;
  std::string expected;
};

TEST(Explain, KnowsAReasonForEveryState) {
  const XmlRpcStruct none;
  for (const Why& row :
       {Why{10, none, "has not been up long enough"},
        {10, {{"start_seconds", 5}}, "counts as RUNNING after 5 s"},
        {40, none, "told to stop"},
        {40, {{"stop_signal", "SIGTERM"}, {"stop_seconds", 10}}, "sent SIGTERM and gets SIGKILL"},
        {0, none, "stopped on request"},
        {100, none, "ended by itself\n"},
        {100, {{"autorestart", "never"}}, "autorestart=false"},
        {100, {{"autorestart", "unexpected"}}, "as expected"},
        {200, none, "modctl start web:a"},
        {1000, none, "could not be signalled"}}) {
    const std::string text = explained(info(row.state, "X"), {{"settings", row.settings}});
    EXPECT_NE(text.find(row.expected), std::string::npos) << row.state << ": " << text;
  }
}

TEST(Explain, SaysThatNothingStartsByItself) {
  XmlRpcStruct never = info(0, "STOPPED");
  never[2].second = 0;
  never[3].second = 0;
  EXPECT_EQ(explained(never), "web:a is STOPPED\n  why        it was never started\n");
  const std::string manual = explained(never, {{"settings", XmlRpcStruct{{"autostart", false}}}});
  EXPECT_NE(manual.find("autostart=false"), std::string::npos) << manual;
}

TEST(Explain, IndentsLogs) {
  EXPECT_EQ(explain_log("stdout, /l", "a\nb\n", Palette()), "  stdout, /l\n    a\n    b\n");
  EXPECT_EQ(explain_log("stdout, /l", "", Palette()), "");
}

TEST(Explain, RoundsForPeople) {
  EXPECT_EQ(about(-1), "0 s");
  EXPECT_EQ(about(119), "119 s");
  EXPECT_EQ(about(121), "2 min");
  EXPECT_EQ(about(7201), "2 h");
  EXPECT_EQ(about(172801), "2 days");
  EXPECT_EQ(bytes_text(512), "0.5 KiB");
  EXPECT_EQ(bytes_text(1024.0 * 1024 * 12), "12 MiB");
  EXPECT_EQ(bytes_text(1024.0 * 1024 * 1024 * 1024 * 3000), "3000 TiB");
}

}  // namespace
}  // namespace sv::ctl
