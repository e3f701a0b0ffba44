#include "config/environment.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sv::config {
namespace {

struct Row {
  std::string_view text;
  Environment environment;
};

void expect_parsed(const Row& row) {
  const Result<Environment> parsed = parse_environment(row.text);
  ASSERT_TRUE(parsed.has_value()) << row.text << ": " << parsed.error().message;
  EXPECT_EQ(*parsed, row.environment) << row.text;
}

TEST(Environment, ReadsLists) {
  const Row rows[] = {
      {"", {}},
      {" \n ", {}},
      {"A=1", {{"A", "1"}}},
      {"A=1,B=2", {{"A", "1"}, {"B", "2"}}},
      {"A=\"1\",B='2'", {{"A", "1"}, {"B", "2"}}},
      {"A = 1 , B = 2", {{"A", "1"}, {"B", "2"}}},
      {"A=1,", {{"A", "1"}}},
      {"\nA=\"1\",\n\nB=\"2\",\n", {{"A", "1"}, {"B", "2"}}},
      {"A=\"1\",  # comment\n B=\"2\"", {{"A", "1"}, {"B", "2"}}},
      {"A=1,A=2", {{"A", "2"}}},
      {"A=1,B=2,A=3", {{"A", "3"}, {"B", "2"}}},
      {"A-B=1", {{"A-B", "1"}}},
      {"A.B=1", {{"A.B", "1"}}},
      {"A:B=1", {{"A:B", "1"}}},
      {"1A=x", {{"1A", "x"}}},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(Environment, TakesAnyTokenAsSeparatorAndDropsWhatIsLeft) {
  const Row rows[] = {
      {"A=1;B=2", {{"A", "1"}, {"B", "2"}}},
      {"A=\"1\";B=\"2\"", {{"A", "1"}, {"B", "2"}}},
      {"A=1|B=2", {{"A", "1"}, {"B", "2"}}},
      {"A=1 B B=2", {{"A", "1"}, {"B", "2"}}},
      {"A=,", {{"A", ","}}},
      {"A==1", {{"A", "="}}},
      {"A=1,B==", {{"A", "1"}, {"B", "="}}},
      {"A=a b", {{"A", "a"}}},
      {"A=$HOME", {{"A", "$"}}},
      {"A=~/x", {{"A", "~"}}},
      {"A=!x", {{"A", "!"}}},
      {"A=1%", {{"A", "1"}}},
      {"A=http://x/?q=1", {{"A", "http://x/"}, {"q", "1"}}},
      {"A=日本", {{"A", "日"}}},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(Environment, KeepsWhatWordsMayContain) {
  const Row rows[] = {
      {"A=a/b.c+d-e()f:g", {{"A", "a/b.c+d-e()f:g"}}},
      {"A=-1", {{"A", "-1"}}},
      {"A=1.5", {{"A", "1.5"}}},
      {"A=/a:/b", {{"A", "/a:/b"}}},
      {"name=café", {{"name", "café"}}},
      {"A=ÀÖØÞßàöøÿ", {{"A", "ÀÖØÞßàöøÿ"}}},
      {"A=3×", {{"A", "3"}}},
      {"A=a#b,B=2", {{"A", "a"}}},
      {"A=a#b\n,B=2", {{"A", "a"}, {"B", "2"}}},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(Environment, HonoursQuotes) {
  const Row rows[] = {
      {"A=\"http://x/?q=1&b=2\"", {{"A", "http://x/?q=1&b=2"}}},
      {"A=\"a,b\"", {{"A", "a,b"}}},
      {"A=\"a b\"", {{"A", "a b"}}},
      {"A=\"a=b\"", {{"A", "a=b"}}},
      {"A=\"a#b\"", {{"A", "a#b"}}},
      {"A=\" x \"", {{"A", " x "}}},
      {"A=\"   \"", {{"A", "   "}}},
      {"A=\"\",B=1", {{"A", ""}, {"B", "1"}}},
      {"A=''", {{"A", ""}}},
      {"A=\"line1\nline2\"", {{"A", "line1\nline2"}}},
      {"A=\"it's\"", {{"A", "it's"}}},
      {"A='it\"s'", {{"A", "it\"s"}}},
      {"A=\"'quoted'\"", {{"A", "'quoted'"}}},
      {"A='\"quoted\"'", {{"A", "\"quoted\""}}},
      {"A='{\"k\": 1}'", {{"A", "{\"k\": 1}"}}},
      {"A=\"a\"\"b\"", {{"A", "ab"}}},
      {"A=\"a\"'b'", {{"A", "ab"}}},
      {"A=\"a\"b", {{"A", "ab"}}},
      {"A=pre\"mid\"post", {{"A", "premidpost"}}},
      {"A=pre\"a,b\"post", {{"A", "prea,bpost"}}},
      {"\"A\"=1", {{"A", "1"}}},
      {"A=x,\"B\"=y", {{"A", "x"}, {"B", "y"}}},
      {"\"\"=1", {{"", "1"}}},
      {"A=\"日本\"", {{"A", "日本"}}},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(Environment, HonoursBackslashes) {
  const Row rows[] = {
      {R"(A="a\"b")", {{"A", "a\"b"}}},    {R"(A="{\"k\": 1}")", {{"A", R"({"k": 1})"}}},
      {R"(A="a\nb")", {{"A", R"(a\nb)"}}}, {R"(A="a\$b")", {{"A", R"(a\$b)"}}},
      {R"(A="a\\b")", {{"A", R"(a\b)"}}},  {R"(A='a\\b')", {{"A", R"(a\\b)"}}},
      {R"(A=a\,b)", {{"A", "a,b"}}},       {R"(A=a\ b)", {{"A", "a b"}}},
      {R"(A=a\b)", {{"A", "ab"}}},         {R"(A=a\日b)", {{"A", "a日b"}}},
      {R"(A=\#x)", {{"A", "#x"}}},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(Environment, QuotesTheWholeValueWhenAPairIsNotComplete) {
  for (const std::string_view text : {"A=1 B=2",
                                      "A=\"1\"B=\"2\"",
                                      "A=\"1\"\nB=\"2\"",
                                      "A=1,,B=2",
                                      ",A=1",
                                      "A=1,B",
                                      "A=1,B=",
                                      "A",
                                      "A=",
                                      "=1",
                                      "A=,B=1",
                                      "A=a=b",
                                      "A=x y,B=1",
                                      "A=a@b",
                                      "A=a*b",
                                      "A=a;b",
                                      "A=a|b",
                                      "A=[1]",
                                      "A={x}",
                                      "A=a&b",
                                      "A=a>b",
                                      "A=`date`"}) {
    const Result<Environment> parsed = parse_environment(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().message,
              cat({"Unexpected end of key/value pairs in value '", text, "'"}));
  }
}

TEST(Environment, RefusesWhatIsNotFinished) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {R"(A='a\'b')", "No closing quotation"}, {"A=it's", "No closing quotation"},
      {"A=\"a", "No closing quotation"},       {R"(A=x\)", "No escaped character"},
      {R"(A="a\)", "No escaped character"},
  };
  for (const auto& [text, message] : rows) {
    const Result<Environment> parsed = parse_environment(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().message, message) << text;
  }
}

TEST(Environment, OverlaysInPlaceAndAppends) {
  EXPECT_EQ(merged({{"A", "1"}, {"B", "2"}}, {{"C", "3"}, {"A", "9"}}),
            (Environment{{"A", "9"}, {"B", "2"}, {"C", "3"}}));
  EXPECT_EQ(merged({}, {{"A", "1"}}), (Environment{{"A", "1"}}));
  EXPECT_EQ(merged({{"A", "1"}}, {}), (Environment{{"A", "1"}}));
}

}  // namespace
}  // namespace sv::config
