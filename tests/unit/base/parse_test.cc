#include "base/parse.h"

#include <gtest/gtest.h>

#include <limits>

namespace sv {
namespace {

template <class T>
struct Accepted {
  std::string_view text;
  T value;
};

struct Rejected {
  std::string_view text;
  std::string_view message;
};

template <class T, std::size_t N>
void expect_accepted(Result<T> (*parse)(std::string_view), const Accepted<T> (&rows)[N]) {
  for (const Accepted<T>& row : rows) {
    const Result<T> result = parse(row.text);
    ASSERT_TRUE(result.has_value()) << row.text << ": " << result.error().message;
    EXPECT_EQ(*result, row.value) << row.text;
  }
}

template <class T, std::size_t N>
void expect_rejected(Result<T> (*parse)(std::string_view), const Rejected (&rows)[N]) {
  for (const Rejected& row : rows) {
    const Result<T> result = parse(row.text);
    ASSERT_FALSE(result.has_value()) << row.text;
    EXPECT_EQ(result.error().message, row.message) << row.text;
  }
}

TEST(ParseInteger, AcceptsWhatTheReferenceAccepts) {
  expect_accepted<std::int64_t>(
      parse_integer, {{"007", 7},
                      {"+5", 5},
                      {"-5", -5},
                      {"1_000", 1000},
                      {" 42 ", 42},
                      {"\xC2\xA0"
                       "7",
                       7},
                      {"-0", 0},
                      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
                      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()}});
}

TEST(ParseInteger, RejectsWithTheReferencesMessage) {
  expect_rejected<std::int64_t>(parse_integer,
                                {{"", "invalid literal for int() with base 10: ''"},
                                 {"0x10", "invalid literal for int() with base 10: '0x10'"},
                                 {"1.5", "invalid literal for int() with base 10: '1.5'"},
                                 {"1e3", "invalid literal for int() with base 10: '1e3'"},
                                 {"10KB", "invalid literal for int() with base 10: '10KB'"},
                                 {"_1", "invalid literal for int() with base 10: '_1'"},
                                 {"1_", "invalid literal for int() with base 10: '1_'"},
                                 {"1__0", "invalid literal for int() with base 10: '1__0'"},
                                 {"1,000", "invalid literal for int() with base 10: '1,000'"},
                                 {"+-1", "invalid literal for int() with base 10: '+-1'"},
                                 {"- 1", "invalid literal for int() with base 10: '- 1'"},
                                 {"-", "invalid literal for int() with base 10: '-'"},
                                 {" x ", "invalid literal for int() with base 10: ' x '"},
                                 {"it's", "invalid literal for int() with base 10: \"it's\""}});
}

TEST(ParseInteger, RefusesWhatDoesNotFitIn64Bits) {
  for (const std::string_view text :
       {"9223372036854775808", "-9223372036854775809", "99999999999999999999999"}) {
    const Result<std::int64_t> result = parse_integer(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::limit_exceeded);
  }
  EXPECT_EQ(parse_integer("9223372036854775808x").error().code, ErrorCode::invalid_argument);
}

TEST(ParseBoolean, KnowsEightSpellingsInAnyCase) {
  expect_accepted<bool>(parse_boolean, {{"yes", true},
                                        {"TRUE", true},
                                        {"On", true},
                                        {"1", true},
                                        {"no", false},
                                        {"False", false},
                                        {"OFF", false},
                                        {"0", false}});
  expect_rejected<bool>(parse_boolean, {{"", "not a valid boolean value: ''"},
                                        {"y", "not a valid boolean value: 'y'"},
                                        {"t", "not a valid boolean value: 't'"},
                                        {"2", "not a valid boolean value: '2'"},
                                        {"None", "not a valid boolean value: 'None'"},
                                        {"Enabled", "not a valid boolean value: 'Enabled'"}});
}

TEST(ParseByteSize, MultipliesBySuffix) {
  expect_accepted<std::int64_t>(parse_byte_size, {{"0", 0},
                                                  {"1024", 1024},
                                                  {"50MB", 50LL * 1024 * 1024},
                                                  {"2kb", 2048},
                                                  {"2 Kb", 2048},
                                                  {"3gB", 3LL * 1024 * 1024 * 1024},
                                                  {"-1", -1},
                                                  {"-1kb", -1024},
                                                  {"1_0kb", 10240}});
}

TEST(ParseByteSize, ReportsWhatRemainsAfterTheSuffixInLowerCase) {
  expect_rejected<std::int64_t>(parse_byte_size,
                                {{"1k", "invalid literal for int() with base 10: '1k'"},
                                 {"1TB", "invalid literal for int() with base 10: '1tb'"},
                                 {"1.5MB", "invalid literal for int() with base 10: '1.5'"},
                                 {"KB", "invalid literal for int() with base 10: ''"},
                                 {"10B", "invalid literal for int() with base 10: '10b'"},
                                 {"1MiB", "invalid literal for int() with base 10: '1mib'"},
                                 {"", "invalid literal for int() with base 10: ''"}});
}

TEST(ParseByteSize, RefusesAProductThatDoesNotFit) {
  EXPECT_EQ(parse_byte_size("9223372036854775807kb").error().code, ErrorCode::limit_exceeded);
  EXPECT_EQ(parse_byte_size("99999999999999999999").error().code, ErrorCode::limit_exceeded);
}

TEST(ParseOctal, AcceptsModesAndMasks) {
  expect_accepted<mode_t>(parse_octal, {{"022", 022},
                                        {"22", 022},
                                        {"0o22", 022},
                                        {"0O22", 022},
                                        {"0o_22", 022},
                                        {"0_22", 022},
                                        {" 700 ", 0700},
                                        {"+7", 07},
                                        {"1777", 01777},
                                        {"-1", static_cast<mode_t>(-1)}});
}

TEST(ParseOctal, NamesTheValueItCannotUse) {
  expect_rejected<mode_t>(parse_octal,
                          {{"8", "8 can not be converted to an octal type"},
                           {"0x1", "0x1 can not be converted to an octal type"},
                           {"o22", "o22 can not be converted to an octal type"},
                           {"", " can not be converted to an octal type"},
                           {"2 2", "2 2 can not be converted to an octal type"},
                           {"0o", "0o can not be converted to an octal type"},
                           {"40000000000", "40000000000 can not be converted to an octal type"}});
}

TEST(ParseExitCodes, ReadsACommaSeparatedList) {
  expect_accepted<std::vector<int>>(
      parse_exit_codes,
      {{"", {}}, {"0", {0}}, {"0,2", {0, 2}}, {" 1 , 255 ", {1, 255}}, {"2,2,1", {2, 2, 1}}});
}

TEST(ParseExitCodes, QuotesTheWholeValueWhenAnyItemIsWrong) {
  expect_rejected<std::vector<int>>(parse_exit_codes,
                                    {{"256", "not a valid list of exit codes: '256'"},
                                     {"-1", "not a valid list of exit codes: '-1'"},
                                     {"0,", "not a valid list of exit codes: '0,'"},
                                     {"0 2", "not a valid list of exit codes: '0 2'"},
                                     {"a", "not a valid list of exit codes: 'a'"},
                                     {" ", "not a valid list of exit codes: ' '"}});
}

TEST(ParseSignalValue, TakesNumbersAndNames) {
  expect_accepted<int>(parse_signal_value, {{"15", 15},
                                            {"+15", 15},
                                            {"1_5", 15},
                                            {"TERM", 15},
                                            {"sigterm", 15},
                                            {" hup ", 1},
                                            {"CLD", 17},
                                            {"RTMIN", 34},
                                            {"64", 64},
                                            {"0", 0},
                                            {"_DFL", 0},
                                            {"SIG_IGN", 1}});
}

TEST(ParseSignalValue, TellsNamesFromNumbersInItsMessage) {
  expect_rejected<int>(
      parse_signal_value,
      {{"", "value '' is not a valid signal name"},
       {"TERN", "value 'TERN' is not a valid signal name"},
       {"RTMIN+1", "value 'RTMIN+1' is not a valid signal name"},
       {"35", "value '35' is not a valid signal number"},
       {"-1", "value '-1' is not a valid signal number"},
       {"99999999999999999999", "value '99999999999999999999' is not a valid signal number"}});
}

}  // namespace
}  // namespace sv
