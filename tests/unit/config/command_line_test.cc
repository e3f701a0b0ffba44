#include "config/command_line.h"

#include <gtest/gtest.h>

namespace sv::config {
namespace {

struct Row {
  std::string_view command;
  std::vector<std::string> words;
};

TEST(CommandLine, SplitsAsTheReferenceDoes) {
  const Row rows[] = {
      {"a b  c", {"a", "b", "c"}},
      {"a\tb", {"a", "b"}},
      {"a\nb", {"a", "b"}},
      {"a\r\nb", {"a", "b"}},
      {" a ", {"a"}},
      {"a \"b c\" 'd e'", {"a", "b c", "d e"}},
      {"a\"b\"c", {"abc"}},
      {"a=\"b c\"", {"a=b c"}},
      {"a \"\" b", {"a", "", "b"}},
      {"a ''", {"a", ""}},
      {R"(a b\ c)", {"a", "b c"}},
      {R"(a b\nc)", {"a", "bnc"}},
      {R"("b\"c")", {"b\"c"}},
      {R"("b\\c")", {R"(b\c)"}},
      {R"("b\nc")", {R"(b\nc)"}},
      {R"('b\'c)", {R"(b\c)"}},
      {R"(\é x)", {"é", "x"}},
      {"a#b #c", {"a#b", "#c"}},
      {"a;b|c&d>e", {"a;b|c&d>e"}},
      {"$HOME ~ * ?", {"$HOME", "~", "*", "?"}},
      {"a\vb\xC2\xA0"
       "c",
       {"a\vb\xC2\xA0"
        "c"}},
  };
  for (const Row& row : rows) {
    const Result<std::vector<std::string>> words = split_command(row.command);
    ASSERT_TRUE(words.has_value()) << row.command << ": " << words.error().message;
    EXPECT_EQ(*words, row.words) << row.command;
  }
}

TEST(CommandLine, IsEmptyForBlankText) {
  EXPECT_TRUE(split_command("")->empty());
  EXPECT_TRUE(split_command(" \t\r\n ")->empty());
}

TEST(CommandLine, RefusesWhatIsNotFinished) {
  for (const std::string_view command : {"'a", "\"a", "a 'b", "a\"",
                                         R"('a\')"
                                         "'"}) {
    const Result<std::vector<std::string>> words = split_command(command);
    ASSERT_FALSE(words.has_value()) << command;
    EXPECT_EQ(words.error().message, "No closing quotation") << command;
  }
  for (const std::string_view command : {"\\", "a \\", "\"a\\"}) {
    const Result<std::vector<std::string>> words = split_command(command);
    ASSERT_FALSE(words.has_value()) << command;
    EXPECT_EQ(words.error().message, "No escaped character") << command;
  }
}

}  // namespace
}  // namespace sv::config
