#include "core/ansi_filter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/text.h"

namespace sv::core {
namespace {

std::string flat(const std::vector<std::string_view>& spans) {
  std::string text;
  for (const std::string_view span : spans) {
    text += span;
  }
  return text;
}

std::string strip(const std::vector<std::string>& chunks) {
  AnsiFilter filter;
  std::string text;
  for (const std::string& chunk : chunks) {
    std::vector<std::string_view> spans;
    filter.feed(chunk, spans);
    text += flat(spans);
  }
  std::vector<std::string_view> spans;
  filter.finish(spans);
  return text + flat(spans);
}

TEST(AnsiFilter, RemovesWhatTheReferenceRemoves) {
  struct Row {
    const char* in;
    const char* out;
  };
  const std::vector<Row> rows{
      {"", ""},
      {"plain\n", "plain\n"},
      {"\x1b[31mred \x1b[0m x", "red  x"},
      {"\x1b[?25lhid", "hid"},
      {"\x1b[10Gcol then", " then"},
      {"\x1b]0;t\x07 \x1bM", "\x1b]0;t\x07 \x1bM"},
      {"\x1b\x1b[31mx", "\x1bx"},
      {"\x1b[\x1b[31mx", "x"},
      {"a\x1b", "a\x1b"},
      {"a \x1b[12", "a "},
      {"\x1b[H\x1b[2Jtop", "top"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(strip({row.in}), row.out) << python_bytes_repr(row.in);
  }
}

TEST(AnsiFilter, RemembersASequenceThatWasCut) {
  EXPECT_EQ(strip({"a \x1b[", "31mred"}), "a red");
  EXPECT_EQ(strip({"a \x1b", "[31mred"}), "a red");
  EXPECT_EQ(strip({"a \x1b", "M"}), "a \x1bM");
}

TEST(AnsiFilter, PassesUntouchedTextWithoutCopyingIt) {
  const std::string chunk = "no sequence, but an \x1bM in it";
  AnsiFilter filter;
  std::vector<std::string_view> spans;
  filter.feed(chunk, spans);
  ASSERT_EQ(spans.size(), 1U);
  EXPECT_EQ(spans[0].data(), chunk.data());
  EXPECT_EQ(spans[0].size(), chunk.size());
}

TEST(AnsiFilter, GivesUpASequenceWithoutEnd) {
  const std::string digits(AnsiFilter::kMaxSequenceBytes, '7');
  EXPECT_EQ(strip({"\x1b[" + digits + "123"}), "123");
}

TEST(AnsiFilter, DoesNotDependOnWhereReadsEnd) {
  std::mt19937 random(20261124);
  const std::string alphabet = "\x1b\x1b\x1b[[[mlax1;";
  for (int round = 0; round < 2000; ++round) {
    std::string whole;
    std::vector<std::string> chunks(1);
    for (auto length = random() % 40; length > 0; --length) {
      const char c = alphabet[random() % alphabet.size()];
      whole += c;
      chunks.back() += c;
      if (random() % 3 == 0) {
        chunks.emplace_back();
      }
    }
    ASSERT_EQ(strip(chunks), strip({whole})) << python_bytes_repr(whole);
  }
}

}  // namespace
}  // namespace sv::core
