#include "ctl/log_text.h"

#include <gtest/gtest.h>

namespace sv::ctl {
namespace {

struct Lines {
  std::string_view text;
  std::size_t count;
  std::string_view expected;
};

TEST(LastLines, AreCountedFromTheEnd) {
  for (const Lines& row : {Lines{"a\nb\nc\n", 2, "b\nc\n"},
                           {"a\nb\nc", 2, "b\nc"},
                           {"a\nb\n", 5, "a\nb\n"},
                           {"a\n\n\n", 2, "\n\n"},
                           {"a", 1, "a"},
                           {"a\n", 0, ""},
                           {"", 3, ""}}) {
    EXPECT_EQ(last_lines(row.text, row.count), row.expected) << row.text << row.count;
  }
  EXPECT_EQ(count_lines("a\nb"), 2U);
  EXPECT_EQ(count_lines("a\n\n"), 2U);
  EXPECT_EQ(count_lines(""), 0U);
}

TEST(LineLabels, StandBeforeWholeLines) {
  LineLabels labels("x | ");
  EXPECT_EQ(labels.add("a"), "");
  EXPECT_EQ(labels.add("b\nc\n\nd"), "x | ab\nx | c\nx | \n");
  EXPECT_EQ(labels.end(), "x | d\n");
  EXPECT_EQ(labels.end(), "");
}

TEST(LineLabels, HoldNoMoreThanTheyMay) {
  LineLabels labels(">");
  const std::string out = labels.add(std::string(LineLabels::kMaxLineBytes + 5, 'a'));
  EXPECT_EQ(out.size(), LineLabels::kMaxLineBytes + 2);
  EXPECT_EQ(labels.add("\n"), ">aaaaa\n");
}

TEST(LineLabels, LeaveTextAloneWithoutALabel) {
  LineLabels none("");
  EXPECT_EQ(none.add("a"), "a");
  EXPECT_EQ(none.end(), "");
}

TEST(LogJoint, LeavesOutWhatWasRead) {
  // The log has grown by "efg" between the two.
  LogJoint joint("abcd", 4);
  EXPECT_EQ(joint.add("cde"), "");
  EXPECT_TRUE(joint.holds_back());
  EXPECT_EQ(joint.add("fg"), "efg");
  EXPECT_FALSE(joint.holds_back());
  EXPECT_EQ(joint.add("cd"), "cd");
}

TEST(LogJoint, PassesWhatDoesNotOverlap) {
  LogJoint joint("abcd", 2);
  EXPECT_EQ(joint.add("xy"), "xy");
  LogJoint all("abcd", 4);
  EXPECT_EQ(all.add("abcd"), "");
  LogJoint nothing_read("", 0);
  EXPECT_EQ(nothing_read.add("ab"), "ab");
  LogJoint ended("ab", 9);
  EXPECT_EQ(ended.add("bc"), "");
  EXPECT_EQ(ended.end(), "c");
}

}  // namespace
}  // namespace sv::ctl
