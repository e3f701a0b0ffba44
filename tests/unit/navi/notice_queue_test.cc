#include "navi/notice_queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sv::navi {
namespace {

using namespace std::chrono_literals;

/// A queue whose file system can be broken.
struct Scenario {
  bool broken = false;
  std::size_t room = 1000;  ///< so many more can be written
  std::vector<std::string> files;
  Now now{MonoTime{} + 1h, WallTime{} + 1795400754s};
  NoticeQueue queue{[this](const std::string& content, WallTime) -> Result<std::string> {
    if (broken || room == 0) {
      return fail(ErrorCode::io, "cannot write notice: No space left on device");
    }
    --room;
    files.push_back(content);
    return "path of " + content;
  }};

  void pass(Duration d) {
    now.mono += d;
    now.wall += d;
  }
};

TEST(NoticeQueue, WritesWhatIsPushed) {
  Scenario s;
  s.queue.push("a");
  s.queue.push("b");
  const auto report = s.queue.flush(s.now);
  EXPECT_EQ(s.files, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(report.written, (std::deque<std::string>{"path of a", "path of b"}));
  EXPECT_EQ(report.error, std::nullopt);
  EXPECT_EQ(s.queue.deadline(), std::nullopt);
}

TEST(NoticeQueue, KeepsWhatCannotBeWrittenAndItsOrder) {
  Scenario s;
  s.broken = true;
  s.queue.push("a");
  EXPECT_EQ(s.queue.flush(s.now).error->message, "cannot write notice: No space left on device");
  s.queue.push("b");
  s.broken = false;
  EXPECT_EQ(s.queue.flush(s.now).error, std::nullopt);
  EXPECT_EQ(s.files, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(s.queue.empty());
}

TEST(NoticeQueue, PausesLongerWithEveryFailure) {
  Scenario s;
  s.broken = true;
  s.queue.push("a");
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    (void)s.queue.flush(s.now);
    ASSERT_EQ(s.queue.deadline(), s.now.mono + pause);
    s.pass(pause);
  }
  s.broken = false;
  (void)s.queue.flush(s.now);
  EXPECT_EQ(s.queue.deadline(), std::nullopt);
  s.broken = true;
  s.queue.push("b");
  (void)s.queue.flush(s.now);
  EXPECT_EQ(s.queue.deadline(), s.now.mono + 1s) << "success begins anew";
}

TEST(NoticeQueue, APlaceThatIsFullAgainAndAgainIsAskedSoon) {
  Scenario s;
  s.room = 0;
  for (const char* content : {"a", "b", "c", "d", "e"}) {
    s.queue.push(content);
  }
  for (const auto pause : {1s, 2s, 4s}) {
    (void)s.queue.flush(s.now);
    s.pass(pause);
  }
  for (int read = 0; read < 2; ++read) {
    s.room = 2;
    EXPECT_EQ(s.queue.flush(s.now).written.size(), 2U);
    ASSERT_EQ(s.queue.deadline(), s.now.mono + 1s);
    s.pass(1s);
  }
  s.room = 2;
  EXPECT_EQ(s.queue.flush(s.now).error, std::nullopt);
  EXPECT_EQ(s.files, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
}

TEST(NoticeQueue, AnEarlyAttemptDoesNotLengthenThePause) {
  Scenario s;
  s.broken = true;
  s.queue.push("a");
  (void)s.queue.flush(s.now);
  const auto deadline = s.queue.deadline();
  for (int i = 0; i < 10; ++i) {
    (void)s.queue.flush(s.now);
  }
  EXPECT_EQ(s.queue.deadline(), deadline);
}

TEST(NoticeQueue, DropsTheOldestWhenFullAndTellsHowMany) {
  Scenario s;
  s.broken = true;
  for (std::size_t i = 0; i < NoticeQueue::kMaxNotices; ++i) {
    EXPECT_TRUE(s.queue.has_room(1));
    s.queue.push(std::to_string(i));
  }
  EXPECT_FALSE(s.queue.has_room(1));
  s.queue.push("new");
  s.queue.push("newer");
  EXPECT_EQ(s.queue.size(), NoticeQueue::kMaxNotices);
  EXPECT_EQ(s.queue.dropped(), 2U);
  s.broken = false;
  (void)s.queue.flush(s.now);
  ASSERT_EQ(s.files.size(), NoticeQueue::kMaxNotices + 1);
  const auto lost = nlohmann::json::parse(s.files.front());
  EXPECT_EQ(lost["Kind"], "lost");
  EXPECT_EQ(lost["Suppressed"], 2);
  EXPECT_EQ(s.files[1], "2");
  EXPECT_EQ(s.files.back(), "newer");
  EXPECT_EQ(s.queue.dropped(), 0U);
}

TEST(NoticeQueue, IsBoundedInBytes) {
  Scenario s;
  const std::string half(NoticeQueue::kMaxBytes / 2, 'x');
  s.queue.push(half);
  s.queue.push(half);
  EXPECT_EQ(s.queue.size(), 2U);
  s.queue.push("y");
  EXPECT_EQ(s.queue.size(), 2U);
  s.queue.push(half + half + "z");
  EXPECT_EQ(s.queue.size(), 1U) << "one that is too large by itself is kept alone";
  EXPECT_EQ(s.queue.dropped(), 3U);
}

}  // namespace
}  // namespace sv::navi
