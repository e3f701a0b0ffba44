#include "navi/notice_text.h"

#include <gtest/gtest.h>

namespace sv::navi {
namespace {

using namespace std::chrono_literals;

Notice of_app(Kind kind) {
  Notice notice;
  notice.kind = kind;
  notice.phase = Phase::running;
  ProcessFacts process;
  process.name = "app";
  process.group = "app";
  process.uptime = 43'905ms;
  process.will_restart = true;
  notice.process = process;
  return notice;
}

TEST(NoticeText, SaysWhatHappenedAndWhatFollows) {
  Notice crash = of_app(Kind::crash);
  crash.process->status = WaitStatus::from_exit(3);
  EXPECT_EQ(headline(crash), "app crashed: exit status 3 after 43.9 s; it is started again");
  crash.phase = Phase::starting;
  crash.process->group = "web";
  EXPECT_EQ(headline(crash),
            "web:app did not come up: exit status 3 after 43.9 s; it is started again");
  Notice fatal = of_app(Kind::fatal);
  fatal.process->uptime.reset();
  fatal.process->will_restart = false;
  EXPECT_EQ(headline(fatal), "app is not started any more; it is not started again");
}

TEST(NoticeText, GivesTheNumbersBehindWantOfMemory) {
  Notice oom = of_app(Kind::oom);
  oom.process->status = WaitStatus::from_signal(9);
  oom.memory.emplace();
  oom.memory->verdict = MemoryVerdict::certain;
  oom.memory->source = MemoryFacts::Source::kernel;
  oom.memory->limit_bytes = 125'829'120;
  oom.memory->peak_bytes = 125'800'000;
  EXPECT_EQ(headline(oom),
            "app was killed for memory (certain: limit 120.0 MiB, peak 119.9 MiB) after 43.9 s; it "
            "is started again");
  oom.memory->verdict = MemoryVerdict::likely;
  oom.memory->source = MemoryFacts::Source::runtime;
  oom.memory->runtime = "node";
  oom.memory->pattern = "heap out of memory";
  oom.memory->peak_bytes.reset();
  oom.process->status = WaitStatus::from_signal(6);
  EXPECT_EQ(headline(oom),
            "app ran out of memory (likely: node says \"heap out of memory\", limit 120.0 MiB), "
            "terminated by SIGABRT after 43.9 s; it is started again");
}

TEST(NoticeText, IsOneLineWhateverTheNamesAre) {
  Notice crash = of_app(Kind::crash);
  crash.process->name = "a\nb\xFF";
  crash.process->group = "a\nb\xFF";
  EXPECT_EQ(headline(crash).find('\n'), std::string::npos);
  EXPECT_TRUE(headline(crash).starts_with("a b\xEF\xBF\xBD crashed"));
}

TEST(NoticeText, TheLastMessageEndsWithTheLastWordsAndFits) {
  Notice crash = of_app(Kind::crash);
  crash.output.emplace();
  crash.output->out = OutputFacts::Channel{std::nullopt, "first\nsecond\nthe last\n"};
  crash.output->err = OutputFacts::Channel{std::nullopt, ""};
  const std::string line = headline(crash);
  EXPECT_EQ(last_message(crash, 4096), line + "\nfirst\nsecond\nthe last\n");
  EXPECT_EQ(last_message(crash, line.size() + 13), line + "\nthe last\n") << "whole lines";
  EXPECT_EQ(last_message(crash, 5), line.substr(0, 5));
  crash.output->err->tail = "an error\n";
  EXPECT_EQ(last_message(crash, 4096), line + "\nan error\n");
  crash.output->err->tail = std::string(5000, '\xFF');
  for (std::size_t limit = 0; limit < 200; ++limit) {
    const std::string message = last_message(crash, limit);
    EXPECT_LE(message.size(), limit);
    EXPECT_EQ(message.find("\xEF\xBF\xEF"), std::string::npos) << "no half characters";
  }
}

}  // namespace
}  // namespace sv::navi
