#include "config/expansion.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/text.h"

namespace sv::config {
namespace {

// The rows were printed by the reference product's own function.
struct Row {
  std::string_view text;
  std::string_view outcome;
};

const ExpansionNames& names() {
  static const ExpansionNames kNames{
      {"a", "x"},
      {"n", 3},
      {"e", "é"},
      {"l", "long text"},
      {"neg", -5},
      {"q", "it's"},
      {"big", std::int64_t{1} << 62},
      {"ctl", "\x01\xE2\x80\xA8😀"},
  };
  return kNames;
}

Result<std::string> expanded(std::string_view text) {
  return expand(text, names(), "program:cat.command");
}

void expect_expanded(const Row& row) {
  const Result<std::string> result = expanded(row.text);
  ASSERT_TRUE(result.has_value()) << row.text << ": " << result.error().message;
  EXPECT_EQ(*result, row.outcome) << row.text;
}

void expect_unknown(const Row& row) {
  const Result<std::string> result = expanded(row.text);
  ASSERT_FALSE(result.has_value()) << row.text << ": " << *result;
  EXPECT_EQ(result.error().code, ErrorCode::not_found);
  EXPECT_EQ(result.error().message,
            cat({"Format string ", python_repr(row.text),
                 " for 'program:cat.command' contains names (", row.outcome,
                 ") which cannot be expanded. Available names: a, big, ctl, e, l, n, neg, q"}));
}

void expect_badly_formatted(const Row& row) {
  const Result<std::string> result = expanded(row.text);
  ASSERT_FALSE(result.has_value()) << row.text << ": " << *result;
  EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(result.error().message,
            cat({"Format string ", python_repr(row.text),
                 " for 'program:cat.command' is badly formatted: ", row.outcome}));
}

TEST(Expansion, ExpandsTheReferencesTable) {
  const Row rows[] = {
      {"", ""},
      {"plain", "plain"},
      {"%(a)s", "x"},
      {"%(n)d", "3"},
      {"%(n)s", "3"},
      {"%(n)03d", "003"},
      {"%(n)+d", "+3"},
      {"%(n)-4d|", "3   |"},
      {"%(n)5s|", "    3|"},
      {"%(n)05d", "00003"},
      {"%(n)x", "3"},
      {"%(n)o", "3"},
      {"%(n)#x", "0x3"},
      {"%(n)#o", "0o3"},
      {"%(n).2f", "3.00"},
      {"%(n)u", "3"},
      {"%(n)ld", "3"},
      {"%(a)r", "'x'"},
      {"%(a)-10s|", "x         |"},
      {"%%", "%"},
      {"%%(a)s", "%(a)s"},
      {"%%%%", "%%"},
      {"100%%", "100%"},
      {"%(a)s-%(n)02d-%(a)s", "x-03-x"},
  };
  for (const Row& row : rows) {
    expect_expanded(row);
  }
}

TEST(Expansion, PrintsIntegersAsPythonDoes) {
  const Row rows[] = {
      {"%(n)i", "3"},
      {"%(n)5.3d", "  003"},
      {"%(n)+05d", "+0003"},
      {"%(neg)05d", "-0005"},
      {"%(neg)x", "-5"},
      {"%(neg)#06x", "-0x005"},
      {"%(n)#-6x|", "0x3   |"},
      {"%(n)#X", "0X3"},
      {"%(big)X", "4000000000000000"},
      {"%(big)o", "400000000000000000000"},
      {"%(n)-05d|", "3    |"},
      {"%(n)#5o", "  0o3"},
      {"%(n).3x", "003"},
      {"%(n)#.3x", "0x003"},
      {"%(n) d", " 3"},
      {"%(n)+ d", "+3"},
      {"%(n)#d", "3"},
      {"%(n).0d", "3"},
      {"%(neg).3d", "-005"},
      {"%(n).2d", "03"},
      {"%(n)#+x", "+0x3"},
      {"%(n)#0+8x", "+0x00003"},
      {"%(n)# 8x", "     0x3"},
      {"%(n)#8x", "     0x3"},
      {"%(n)#-+8x|", "+0x3    |"},
      {"%(n)#08o", "0o000003"},
      {"%(n)08.3x", "00000003"},
      {"%(neg) x", "-5"},
      {"%(n)hd", "3"},
      {"%(n)Ld", "3"},
      {"%(n).d", "3"},
  };
  for (const Row& row : rows) {
    expect_expanded(row);
  }
}

TEST(Expansion, PrintsFloatsAsPythonDoes) {
  const Row rows[] = {
      {"%(n)f", "3.000000"},
      {"%(n)F", "3.000000"},
      {"%(n)e", "3.000000e+00"},
      {"%(n)E", "3.000000E+00"},
      {"%(n)g", "3"},
      {"%(n)G", "3"},
      {"%(n)#g", "3.00000"},
      {"%(n)#.0f", "3."},
      {"%(n).0f", "3"},
      {"%(n)08.2f", "00003.00"},
      {"%(neg)08.2f", "-0005.00"},
      {"%(neg)-8.2f|", "-5.00   |"},
      {"%(big)g", "4.61169e+18"},
      {"%(big)G", "4.61169E+18"},
      {"%(n)+.1f", "+3.0"},
      {"%(n) .1f", " 3.0"},
  };
  for (const Row& row : rows) {
    expect_expanded(row);
  }
}

TEST(Expansion, PrintsTextAsPythonDoes) {
  const Row rows[] = {
      {"%(l).3s", "lon"},
      {"%(l)10.3s|", "       lon|"},
      {"%(l)05s", "long text"},
      {"%(q)r", "\"it's\""},
      {"%(e)a", "'\\xe9'"},
      {"%(e)r", "'é'"},
      {"%(ctl)r", "'\\x01\\u2028😀'"},
      {"%(ctl)a", "'\\x01\\u2028\\U0001f600'"},
      {"%(n)r", "3"},
      {"%(n)a", "3"},
      {"%(n).1s", "3"},
      {"%(e)5s|", "    é|"},
      {"%(e)-5s|", "é    |"},
      {"%(e).1s", "é"},
      {"%(a)+5s|", "    x|"},
      {"%(n)#s", "3"},
      {"%(n)05s", "    3"},
      {"%(neg)5s", "   -5"},
      {"%(l).s|", "|"},
      {"%(n)c",
       "\x03"
       ""},
      {"%(a)c", "x"},
      {"%(e)5c", "    é"},
      {"%(a).0c", "x"},
      {"%(a)-3c|", "x  |"},
  };
  for (const Row& row : rows) {
    expect_expanded(row);
  }
}

TEST(Expansion, NamesWhatIsUnknown) {
  const Row rows[] = {
      {"%(b)s", "'b'"}, {"%(A)s", "'A'"},     {"%( a)s", "' a'"},
      {"%()s", "''"},   {"%((a))s", "'(a)'"}, {"%(b)", "'b'"},
  };
  for (const Row& row : rows) {
    expect_unknown(row);
  }
}

TEST(Expansion, GivesPythonsReasons) {
  const Row rows[] = {
      {"%", "incomplete format"},
      {"100%", "incomplete format"},
      {"%(a)", "incomplete format"},
      {"%-", "incomplete format"},
      {"%(a", "incomplete format key"},
      {"%((a)", "incomplete format key"},
      {"%(a)5", "incomplete format"},
      {"%(a).", "incomplete format"},
      {"%(a)l", "incomplete format"},
      {"%.", "incomplete format"},
      {"%h", "incomplete format"},
      {"%(a)q", "unsupported format character 'q' (0x71) at index 4"},
      {"%z", "unsupported format character 'z' (0x7a) at index 1"},
      {"%\"", "unsupported format character '\"' (0x22) at index 1"},
      {"%(a)%", "unsupported format character '%' (0x25) at index 4"},
      {"%5%", "unsupported format character '%' (0x25) at index 2"},
      {"%-%", "unsupported format character '%' (0x25) at index 2"},
      {"%(n)%%", "unsupported format character '%' (0x25) at index 4"},
      {"%(a)hls", "unsupported format character 'l' (0x6c) at index 5"},
      {"%é", "unsupported format character '?' (0xe9) at index 1"},
      {"é%q", "unsupported format character 'q' (0x71) at index 2"},
      {"%\x01"
       "",
       "unsupported format character '?' (0x1) at index 1"},
      {"%(n)\n", "unsupported format character '?' (0xa) at index 4"},
      {"%(n)b", "unsupported format character 'b' (0x62) at index 4"},
      {"50% off", "%o format: an integer is required, not dict"},
      {"50%.log", "%o format: an integer is required, not dict"},
      {"%d", "%d format: a real number is required, not dict"},
      {"% d", "%d format: a real number is required, not dict"},
      {"%i", "%i format: a real number is required, not dict"},
      {"%u", "%u format: a real number is required, not dict"},
      {"%x", "%x format: an integer is required, not dict"},
      {"%X", "%X format: an integer is required, not dict"},
      {"%(a)d", "%d format: a real number is required, not str"},
      {"%(a)x", "%x format: an integer is required, not str"},
      {"%(a)i", "%i format: a real number is required, not str"},
      {"%(a)o", "%o format: an integer is required, not str"},
      {"%(a)f", "must be real number, not str"},
      {"%f", "must be real number, not dict"},
      {"%(a)E", "must be real number, not str"},
      {"%*d", "* wants int"},
      {"%(n)*d", "not enough arguments for format string"},
      {"%(a)*d", "* wants int"},
      {"%.*d", "* wants int"},
      {"%(n).*d", "not enough arguments for format string"},
      {"%(a).*d", "* wants int"},
      {"%s %s", "not enough arguments for format string"},
      {"%s %z", "not enough arguments for format string"},
      {"%(a)s %s", "not enough arguments for format string"},
      {"%(a)s %z", "not enough arguments for format string"},
      {"%s%", "incomplete format"},
      {"%c", "%c requires int or char"},
      {"%(l)c", "%c requires int or char"},
      {"%(neg)c", "%c arg not in range(0x110000)"},
      {"%(n)99999999999999999999d", "width too big"},
      {"%(n).99999999999d", "precision too big"},
  };
  for (const Row& row : rows) {
    expect_badly_formatted(row);
  }
}

TEST(Expansion, QuotesTemplateAndLabelAsPythonDoes) {
  EXPECT_EQ(expand("it's %", {}, "environment").error().message,
            "Format string \"it's %\" for 'environment' is badly formatted: incomplete format");
  EXPECT_EQ(expand("%(x)s", {}, "include.files").error().message,
            "Format string '%(x)s' for 'include.files' contains names ('x') which cannot be "
            "expanded. Available names: ");
}

TEST(Expansion, DoesNotExpandTextThatCameFromAName) {
  EXPECT_EQ(*expand("%(v)s", {{"v", "%(v)s 50%"}}, "k"), "%(v)s 50%");
}

TEST(Expansion, RefusesToPrintAllNamesAndTheirValues) {
  for (const std::string_view text : {"%s", "%r", "%a", "% s", "a %5.1s b", "%s %(a)s"}) {
    const Result<std::string> result = expanded(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_NE(result.error().message.find("without a name"), std::string::npos) << text;
  }
}

TEST(Expansion, HasNothingToPrintAfterAStarTookTheValue) {
  for (const std::string_view text :
       {"%(neg)*d", "%(n)*s", "%(neg).*d", "%(big)*d", "%(n)*.*d", "%(n)*%"}) {
    expect_badly_formatted({text, "not enough arguments for format string"});
  }
  expect_badly_formatted({"%(n)*", "incomplete format"});
}

TEST(Expansion, BoundsFieldsAndResults) {
  EXPECT_EQ(expanded("%(n)65536d")->size(), 65536U);
  EXPECT_EQ(expanded("%(n).65536f")->size(), 65538U);
  expect_badly_formatted({"%(n)65537d", "width too big"});
  expect_badly_formatted({"%(n).65537d", "precision too big"});

  std::string text;
  for (int i = 0; i < 65; ++i) {
    text += "%(n)65536d";
  }
  expect_badly_formatted({text, "result too long"});
}

TEST(Expansion, PrintsTheSmallestInteger) {
  const ExpansionNames smallest{{"m", std::numeric_limits<std::int64_t>::min()}};
  EXPECT_EQ(*expand("%(m)d %(m)x %(m).0f", smallest, "k"),
            "-9223372036854775808 -8000000000000000 -9223372036854775808");
}

TEST(Expansion, SurvivesBytesThatAreNotUtf8) {
  EXPECT_EQ(*expand("\xFF%(a)s\xC3", names(), "k"), "\xFFx\xC3");
  EXPECT_FALSE(expand("%\xFF", names(), "k").has_value());
}

}  // namespace
}  // namespace sv::config
