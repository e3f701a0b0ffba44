#include "shell/last_words.h"

#include <gtest/gtest.h>

#include <random>

namespace sv::shell {
namespace {

constexpr core::ProcessId kId{7};
constexpr auto kOut = core::Channel::standard_output;
constexpr auto kErr = core::Channel::standard_error;

TEST(LastWords, AreTheEndOfEachChannel) {
  LastWords words(8);
  words.begin(kId);
  words.said(kId, kOut, "hello ");
  words.said(kId, kErr, "oops");
  words.said(kId, kOut, "world");
  EXPECT_EQ(words.of(kId, kOut), "lo world");
  EXPECT_EQ(words.of(kId, kErr), "oops");
  words.said(kId, kOut, "a line that is longer than the limit");
  EXPECT_EQ(words.of(kId, kOut), "he limit");
}

TEST(LastWords, OfAnEarlierRunAreForgotten) {
  LastWords words(8);
  words.begin(kId);
  words.said(kId, kOut, "before");
  words.begin(kId);
  EXPECT_EQ(words.of(kId, kOut), "");
  words.said(kId, kOut, "after");
  words.forget(kId);
  EXPECT_EQ(words.of(kId, kOut), "");
  words.said(kId, kOut, "from nobody");
  EXPECT_EQ(words.of(kId, kOut), "");
}

TEST(LastWords, ALimitOfNothingKeepsNothing) {
  LastWords words(0);
  words.begin(kId);
  words.said(kId, kOut, "text");
  EXPECT_EQ(words.of(kId, kOut), "");
}

TEST(LastWords, AreTheSameHoweverTheTextIsCutToPieces) {
  std::mt19937 random(1);
  std::string all;
  LastWords words(100);
  words.begin(kId);
  for (int i = 0; i < 2000; ++i) {
    const std::string piece(random() % 130, static_cast<char>('a' + i % 26));
    all += piece;
    words.said(kId, kOut, piece);
    ASSERT_EQ(words.of(kId, kOut), all.substr(all.size() - std::min<std::size_t>(all.size(), 100)));
  }
}

}  // namespace
}  // namespace sv::shell
