#include "ctl/watch_view.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sv::ctl {
namespace {

std::vector<StatusRow> rows(std::size_t count) {
  std::vector<StatusRow> list;
  for (std::size_t i = 0; i < count; ++i) {
    list.push_back({"p" + std::to_string(i), "RUNNING", "d"});
  }
  return list;
}

std::string frame(const std::vector<StatusRow>& list, Screen::Size size, std::size_t first = 0,
                  std::string_view notice = {}) {
  return watch_frame({"unix:///s", notice, list, first, size}, Palette());
}

TEST(WatchView, ShowsCountsAndRows) {
  EXPECT_EQ(frame({{"a", "FATAL", "x"}, {"b", "RUNNING", ""}}, {24, 80}),
            "unix:///s  1 RUNNING, 1 FATAL\nq leaves\n"
            "a                                FATAL     x\n"
            "b                                RUNNING   \n");
  EXPECT_EQ(frame({}, {24, 80}), "unix:///s  \nq leaves");
}

TEST(WatchView, ShowsWhatFits) {
  const std::string text = frame(rows(9), {5, 80}, 4);
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_NE(text.find("4 above, 2 below"), std::string::npos);
  EXPECT_NE(text.find("\np4 "), std::string::npos);
  EXPECT_NE(text.find("\np6 "), std::string::npos);
  EXPECT_EQ(text.find("\np7 "), std::string::npos);
  EXPECT_NE(frame(rows(9), {5, 80}, 99).find("6 above, 0 below"), std::string::npos);
}

TEST(WatchView, CutsLinesAtTheEdgeWithoutCuttingCharacters) {
  const std::string text = frame({{"n", "RUNNING", "ab\xC3\xA9xyz"}}, {24, 46});
  EXPECT_TRUE(text.ends_with("RUNNING   ab\xC3\xA9\n")) << text;
}

TEST(WatchView, ShowsNothingThatMovesTheCursor) {
  const std::string text = frame({{"n", "FATAL", "a\x1b[2Jb\tc\nd"}}, {24, 80});
  EXPECT_TRUE(text.ends_with("a?[2Jb?c?d\n")) << text;
}

TEST(WatchView, ANoticeTakesThePlaceOfTheTitle) {
  EXPECT_TRUE(frame(rows(1), {24, 80}, 0, "gone").starts_with("gone\nq leaves\n"));
}

TEST(WatchView, UptimesGoOnByThemselves) {
  const WatchedProgram program{{"a", "RUNNING", "pid 5, uptime 0:00:01"}, 5, 100, 101};
  EXPECT_EQ(row_later(program, 0).description, "pid 5, uptime 0:00:01");
  EXPECT_EQ(row_later(program, 60).description, "pid 5, uptime 0:01:01");
  const WatchedProgram stopped{{"a", "STOPPED", "Not started"}, 0, 0, 101};
  EXPECT_EQ(row_later(stopped, 60).description, "Not started");
}

TEST(WatchView, ScrollingStaysInside) {
  const Screen::Size size{12, 80};
  EXPECT_EQ(scrolled(0, 1, 30, size), 1U);
  EXPECT_EQ(scrolled(0, -1, 30, size), 0U);
  EXPECT_EQ(scrolled(15, 10, 30, size), 20U);
  EXPECT_EQ(scrolled(99, 0, 30, size), 20U);
  EXPECT_EQ(scrolled(5, 1, 3, size), 0U);
}

TEST(WatchView, KnowsKeys) {
  using enum WatchKey;
  EXPECT_EQ(watch_keys("q"), (std::vector{quit}));
  EXPECT_EQ(watch_keys("jk \x1b[A\x1b[6~"), (std::vector{down, up, page_down, up, page_down}));
  EXPECT_EQ(watch_keys("x\x1b[C"), std::vector<WatchKey>{});
}

TEST(UptimeText, IsTheDaemons) {
  EXPECT_EQ(uptime_text(5), "0:00:05");
  EXPECT_EQ(uptime_text(86399), "23:59:59");
  EXPECT_EQ(uptime_text(90061), "1 day, 1:01:01");
  EXPECT_EQ(uptime_text(200000), "2 days, 7:33:20");
  EXPECT_EQ(uptime_text(-5), "0:00:00");
}

}  // namespace
}  // namespace sv::ctl
