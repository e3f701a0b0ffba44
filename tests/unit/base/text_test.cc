#include "base/text.h"

#include <gtest/gtest.h>

namespace sv {
namespace {

TEST(Text, TrimsAsciiWhiteSpaceOnly) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim("\xC2\xA0x"), "\xC2\xA0x");
  EXPECT_EQ(trim("  "), "");
}

TEST(Text, SplitsKeepingEmptyPieces) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Text, SplitsWordsWithoutEmptyPieces) {
  EXPECT_EQ(split_words("  a\tb \n c "), (std::vector<std::string_view>{"a", "b", "c"}));
  EXPECT_TRUE(split_words(" ").empty());
}

TEST(Text, JudgesUtf8) {
  EXPECT_TRUE(is_valid_utf8("h\xC3\xA9llo \xF0\x9F\x98\x80"));
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3", "\x80", "\xFF"}) {
    EXPECT_FALSE(is_valid_utf8(bad)) << python_bytes_repr(bad);
  }
}

TEST(Text, CountsCodePoints) {
  EXPECT_EQ(utf8_length("type:t\xC3\xA9\nh\xC3\xA9llo"), 13U);
}

TEST(Text, ReplacesEachInvalidByte) {
  EXPECT_EQ(to_valid_utf8("a\xFF\xC3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, PrintsLiteralsLikePython) {
  // Expected values printed by CPython 3.11's repr().
  EXPECT_EQ(python_repr("plain"), "'plain'");
  EXPECT_EQ(python_repr("it's"), "\"it's\"");
  EXPECT_EQ(python_repr("it's \"x\""), "'it\\'s \"x\"'");
  EXPECT_EQ(python_repr("a\tb\n\\\x1b"), "'a\\tb\\n\\\\\\x1b'");
  EXPECT_EQ(python_repr("caf\xC3\xA9"), "'caf\xC3\xA9'");
  EXPECT_EQ(python_repr("\xC2\xA0\xE2\x80\xA8"), "'\\xa0\\u2028'");
  EXPECT_EQ(python_bytes_repr("\xFFx\n"), "b'\\xffx\\n'");
  EXPECT_EQ(python_bytes_repr("it's"), "b\"it's\"");
}

}  // namespace
}  // namespace sv
