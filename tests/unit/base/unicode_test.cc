#include "base/unicode.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace sv {
namespace {

using namespace std::string_view_literals;

TEST(Unicode, DecodesFromBothEnds) {
  EXPECT_EQ(first_code_point("a\xC3\xA9"), (CodePoint{U'a', 1}));
  EXPECT_EQ(last_code_point("a\xC3\xA9"), (CodePoint{0xE9, 2}));
  EXPECT_EQ(first_code_point("\xE2\x82\xAC"), (CodePoint{0x20AC, 3}));
  EXPECT_EQ(last_code_point("\xF0\x9F\x98\x80"), (CodePoint{0x1F600, 4}));
}

TEST(Unicode, DecodesNothingFromEmptyOrInvalidText) {
  for (const std::string_view text : {""sv, "\x80"sv, "\xC3"sv, "\xED\xA0\x80"sv, "\xF5"sv}) {
    EXPECT_EQ(first_code_point(text).length, 0U);
    EXPECT_EQ(last_code_point(text).length, 0U);
  }
}

TEST(Unicode, TrimsEverythingTheReferenceCallsSpace) {
  EXPECT_EQ(trim_unicode("\xC2\xA0\x1C\v a\xC2\x85 b \xE3\x80\x80\xE2\x80\xA8"), "a\xC2\x85 b");
  EXPECT_EQ(trim_unicode_left(" a "), "a ");
  EXPECT_EQ(trim_unicode_right(" a "), " a");
  EXPECT_EQ(trim_unicode(" \t "), "");
}

TEST(Unicode, DoesNotTrimMarksThatOnlyLookLikeSpace) {
  EXPECT_EQ(trim_unicode("\xEF\xBB\xBFx"), "\xEF\xBB\xBFx");  // byte order mark
  EXPECT_EQ(trim_unicode("\xE2\x80\x8Bx"), "\xE2\x80\x8Bx");  // zero width space
  EXPECT_EQ(trim_unicode("\x7F"
                         "x\x1B"),
            "\x7F"
            "x\x1B");
}

TEST(Unicode, LowersTheScriptsItKnows) {
  EXPECT_EQ(unicode_lower("AZaz09_[]"), "azaz09_[]");
  EXPECT_EQ(unicode_lower("KÄÖÜßÞ×÷Ÿ"), "käöüßþ×÷ÿ");
  EXPECT_EQ(unicode_lower("ĀĶĹŇŊŶŹŽ"), "āķĺňŋŷźž");
  EXPECT_EQ(unicode_lower("ΆΈΌΏΑΡΣΩΫ"), "άέόώαρσωϋ");
  EXPECT_EQ(unicode_lower("ЀЏАЯ"), "ѐџая");
  EXPECT_EQ(unicode_lower("日本😀"), "日本😀");
}

TEST(Unicode, KeepsInvalidBytesWhenLowering) {
  EXPECT_EQ(unicode_lower("A\xFF"
                          "B\xC3"),
            "a\xFF"
            "b\xC3");
}

TEST(Unicode, FindsNothingWrongWithValidText) {
  EXPECT_EQ(find_utf8_error(""), std::nullopt);
  EXPECT_EQ(find_utf8_error("aé€😀\x7F"), std::nullopt);
}

struct Fault {
  std::string_view bytes;
  std::size_t position;
  std::string_view rest;
};

TEST(Unicode, DescribesAFaultInThePythonCodecsWords) {
  constexpr Fault kFaults[] = {
      {"ab\xFF", 2, "byte 0xff in position 2: invalid start byte"},
      {"\x80", 0, "byte 0x80 in position 0: invalid start byte"},
      {"\xC0\x80", 0, "byte 0xc0 in position 0: invalid start byte"},
      {"\xF5"
       "abc",
       0, "byte 0xf5 in position 0: invalid start byte"},
      {"\xE4x", 0, "byte 0xe4 in position 0: invalid continuation byte"},
      {"\xED\xA0\x80", 0, "byte 0xed in position 0: invalid continuation byte"},
      {"\xE0\x80\x80", 0, "byte 0xe0 in position 0: invalid continuation byte"},
      {"\xF4\x90\x80\x80", 0, "byte 0xf4 in position 0: invalid continuation byte"},
      {"\xE4\xBDx", 0, "bytes in position 0-1: invalid continuation byte"},
      {"\xF0\x9F\x98x", 0, "bytes in position 0-2: invalid continuation byte"},
      {"\xC3", 0, "byte 0xc3 in position 0: unexpected end of data"},
      {"a\xF0\x9F\x98", 1, "bytes in position 1-3: unexpected end of data"},
  };
  for (const Fault& fault : kFaults) {
    const std::optional<Utf8Error> error = find_utf8_error(fault.bytes);
    ASSERT_TRUE(error.has_value()) << fault.rest;
    EXPECT_EQ(error->position, fault.position);
    EXPECT_EQ(error->message, cat({"'utf-8' codec can't decode ", fault.rest}));
  }
}

}  // namespace
}  // namespace sv
