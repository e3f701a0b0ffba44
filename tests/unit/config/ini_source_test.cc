#include "config/ini_source.h"

#include <gtest/gtest.h>

#include <array>

#include "base/text.h"
#include "support/temp_dir.h"

namespace sv::config {
namespace {

// The rows were printed by the reference product's parser. Each is tried with every line verbatim
// and with every line parked.
constexpr std::array<std::size_t, 3> kVerbatimLimits{0, 5, 180};

struct Row {
  std::string text;
  std::string outcome;
};

std::string dump(const IniDocument& document) {
  std::string out;
  for (const IniSection& section : document.sections) {
    out += cat({out.empty() ? "" : " ", "[", section.name, "]"});
    for (const IniOption& option : section.options) {
      out += cat({" ", option.key, "=", python_repr(option.value)});
    }
  }
  return out;
}

tl::expected<IniDocument, ConfigErrors> parsed(std::string_view text, std::size_t verbatim = 180) {
  return parse_ini(text, "x.conf", {.verbatim_bytes = verbatim});
}

void expect_parsed(const Row& row) {
  for (const std::size_t verbatim : kVerbatimLimits) {
    const auto document = parsed(row.text, verbatim);
    ASSERT_TRUE(document.has_value()) << row.text << ": " << document.error().front().message;
    EXPECT_EQ(dump(*document), row.outcome) << row.text << " at limit " << verbatim;
  }
}

void expect_refused(std::string_view text, std::string_view message) {
  for (const std::size_t verbatim : kVerbatimLimits) {
    const auto document = parsed(text, verbatim);
    ASSERT_FALSE(document.has_value()) << text << ": " << dump(*document);
    ASSERT_EQ(document.error().size(), 1U);
    EXPECT_EQ(document.error().front().file, "x.conf");
    EXPECT_EQ(document.error().front().message, message) << text << " at limit " << verbatim;
  }
}

void expect_missing_header(const Row& row) {
  expect_refused(row.text,
                 cat({"File contains no section headers.\nfile: 'x.conf', line: ", row.outcome}));
}

void expect_bad_lines(const Row& row) {
  expect_refused(row.text, cat({"Source contains parsing errors: 'x.conf'\n", row.outcome}));
}

TEST(IniSource, SplitsKeysFromValues) {
  const Row rows[] = {
      {"a=1", "[s] a='1'"},
      {"a:1", "[s] a='1'"},
      {"a  =   1  ", "[s] a='1'"},
      {"a\t=\t1\t", "[s] a='1'"},
      {"a:b=c", "[s] a='b=c'"},
      {"a=b:c", "[s] a='b:c'"},
      {"a==1", "[s] a='=1'"},
      {"a::1", "[s] a=':1'"},
      {"my key = 1", "[s] my key='1'"},
      {"- a=1", "[s] - a='1'"},
      {"'a'=1", "[s] 'a'='1'"},
      {"AbC=1", "[s] abc='1'"},
      {"KÄ=1", "[s] kä='1'"},
      {"a=", "[s] a=''"},
      {"a=\n  b\n  c", "[s] a='\\nb\\nc'"},
      {"k[x]=1", "[s] k[x]='1'"},
      {"a=50%", "[s] a='50%'"},
      {"a=50%%", "[s] a='50%%'"},
      {"a=\\", "[s] a='\\\\'"},
      {"a\013=\0131", "[s] a='1'"},
      {"ŸΩЖ=1", "[s] ÿωж='1'"},
  };
  for (const Row& row : rows) {
    expect_parsed({cat({"[s]\n", row.text}), row.outcome});
  }
}

TEST(IniSource, CutsInlineComments) {
  const Row rows[] = {
      {"a=1 ;c", "[s] a='1'"},
      {"a=1\t;c", "[s] a='1'"},
      {"a=1 #c", "[s] a='1'"},
      {"a=1;c", "[s] a='1;c'"},
      {"a=1#c", "[s] a='1#c'"},
      {"k=v;", "[s] k='v;'"},
      {"k=v ;", "[s] k='v'"},
      {"a=;c", "[s] a=';c'"},
      {"a =;x", "[s] a=';x'"},
      {"a= ;c", "[s] a=''"},
      {"a= ;foo\n  b", "[s] a='\\nb'"},
      {"a;b=1", "[s] a;b='1'"},
      {"a#b = 1", "[s] a#b='1'"},
      {";=1", "[s]"},
      {"a=bash -c 'x ; y'", "[s] a=\"bash -c 'x\""},
      {"a=\"x ; y\"", "[s] a='\"x'"},
      {"a=x \\; y", "[s] a='x \\\\; y'"},
      {"a=x;y ;z", "[s] a='x;y'"},
      {"a=x ;;y", "[s] a='x'"},
      {"a=x #b ;c", "[s] a='x'"},
      {"k=http://h/#frag", "[s] k='http://h/#frag'"},
      {"k=http://h/ #frag", "[s] k='http://h/'"},
      {"a=\302\2401\302\240;c", "[s] a='1'"},
      {"a=1\034;c", "[s] a='1'"},
      {"a=1 ;x\n  2 ;y", "[s] a='1\\n2'"},
      {"a=1\013#c", "[s] a='1'"},
  };
  for (const Row& row : rows) {
    expect_parsed({cat({"[s]\n", row.text}), row.outcome});
  }
}

TEST(IniSource, ReadsHeaders) {
  const Row rows[] = {
      {"[s] ;c", "[s]"},
      {"[s];c", "[s]"},
      {"[s] junk", "[s]"},
      {"[s]x=1", "[s]"},
      {"[s] x]", "[s] x]"},
      {"[s][t]", "[s][t]"},
      {"[ s ]", "[ s ]"},
      {"[a[b]c]", "[a[b]c]"},
      {"[s]\n[t=1", "[s] [t='1'"},
      {"[s]\n[x]=1", "[s] [x]"},
      {"[s;x]", "[s;x]"},
      {"  [s]", "[s]"},
      {"[s]\n  [t]\nb=2", "[s] [t] b='2'"},
      {"[s]\n[]=1", "[s] []='1'"},
      {"[s]\n[]x]", "[s] []x]"},
      {"[s]\n[=1\n[:]y=2", "[s] [='1' [:]"},
      {"[]]", "[]]"},
      {"[DEFAULT]\na=1\n[s]\nb=2", "[DEFAULT] a='1' [s] b='2'"},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(IniSource, KnowsContinuationsByIndentation) {
  const Row rows[] = {
      {"[s]\na=1\n  [t]\nb=2", "[s] a='1\\n[t]' b='2'"},
      {"[s]\na=1\n\n  [t]\nb=2", "[s] a='1\\n\\n[t]' b='2'"},
      {"[s]\na=1\n 2\n\t3", "[s] a='1\\n2\\n3'"},
      {"[s]\na=1\n  b=2", "[s] a='1\\nb=2'"},
      {"[s]\n  a=1\n  b=2", "[s] a='1' b='2'"},
      {"[s]\n  a=1\n b=2", "[s] a='1' b='2'"},
      {"[s]\n  a=1\n   b=2", "[s] a='1\\nb=2'"},
      {"[s]\n\ta=1\n  b=2", "[s] a='1\\nb=2'"},
      {"[s]\na=1\n\n  2", "[s] a='1\\n\\n2'"},
      {"[s]\na=1\n   \n  2", "[s] a='1\\n\\n2'"},
      {"[s]\na=1\n  ; c\n  2", "[s] a='1\\n2'"},
      {"[s]\na=1\n; c\n  2", "[s] a='1\\n2'"},
      {"[s]\na=1\n\n;x\n\n  2", "[s] a='1\\n\\n\\n2'"},
      {"[s]\na=1\n\n\n", "[s] a='1'"},
      {"[s]\na=1\n\343\200\2002", "[s] a='1\\n2'"},
      {"[s]\n\343\200\200a=1\n  2\n b=3", "[s] a='1\\n2' b='3'"},
      {"[s]\na=1\n  2\n 3\nb=4", "[s] a='1\\n2\\n3' b='4'"},
      {"[s]\n   a=1\n  b=2\n   c\n", "[s] a='1' b='2\\nc'"},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(IniSource, MergesWhatIsRepeated) {
  const Row rows[] = {
      {"[s]\na=1\na=2", "[s] a='2'"},
      {"[s]\na=1\nA=2", "[s] a='2'"},
      {"[s]\na=1\n  2\na=3", "[s] a='3'"},
      {"[s]\na=1\na=3\n  4", "[s] a='3\\n4'"},
      {"[s]\na=1\nb=1\n[t]\nc=1\n[s]\na=2", "[s] a='2' b='1' [t] c='1'"},
      {"[s]\na=1\n[s]\n  b=2", "[s] a='1' b='2'"},
      {"[s]\n[t]\n[s]\n", "[s] [t]"},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(IniSource, AcceptsFilesWithoutOptions) {
  const Row rows[] = {
      {"", ""},
      {"\n\n", ""},
      {"; only\n# comments\n", ""},
      {"  \n\n[s]", "[s]"},
      {"; c\n\n  # d\n[s]\na=1", "[s] a='1'"},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(IniSource, EndsLinesAsTextFilesDo) {
  const Row rows[] = {
      {"[s]\r\na=1\r\nb=2", "[s] a='1' b='2'"},
      {"[s]\ra=1\rb=2\r", "[s] a='1' b='2'"},
      {"[s]\na=1\r\r\n  2", "[s] a='1\\n\\n2'"},
      {"[s]\na=1\013b\014c\302\205d\342\200\250e", "[s] a='1\\x0bb\\x0cc\\x85d\\u2028e'"},
      {"[s]\na=1\r\n", "[s] a='1'"},
  };
  for (const Row& row : rows) {
    expect_parsed(row);
  }
}

TEST(IniSource, ReportsTextBeforeTheFirstHeader) {
  const Row rows[] = {
      {"a=1", "1\n'a=1'"},
      {"a=1\n[s]\nb=2\nbad", "1\n'a=1\\n'"},
      {"\n; c\nhello \"you\"\n", "3\n'hello \"you\"\\n'"},
      {"[]", "1\n'[]'"},
      {"[s", "1\n'[s'"},
      {"[s ;x]", "1\n'[s ;x]'"},
      {"\357\273\277[s]\na=1", "1\n'\\ufeff[s]\\n'"},
      {"\357\273\277; c\n[s]\n", "1\n'\\ufeff; c\\n'"},
      {"\357\273\277", "1\n'\\ufeff'"},
      {"=", "1\n'='"},
      {"it's\r\n[s]", "1\n\"it's\\n\""},
      {"  x\n", "1\n'  x\\n'"},
  };
  for (const Row& row : rows) {
    expect_missing_header(row);
  }
}

TEST(IniSource, ReportsAllBadLinesTogether) {
  const Row rows[] = {
      {"[s]\nabc", "\t[line  2]: 'abc'"},
      {"[s]\n=1", "\t[line  2]: '=1'"},
      {"[s]\n:1", "\t[line  2]: ':1'"},
      {"[s]\n=", "\t[line  2]: '='"},
      {"[s]\na=1\n.", "\t[line  3]: '.'"},
      {"[s]\na=1\n\\\n", "\t[line  3]: '\\\\\\n'"},
      {"[s]\na ;c = 1\n", "\t[line  2]: 'a ;c = 1\\n'"},
      {"[s]\n[]", "\t[line  2]: '[]'"},
      {"[s]\n[t", "\t[line  2]: '[t'"},
      {"[s]\nrem hello\na=1\nworse\n  and worse\n",
       "\t[line  2]: 'rem hello\\n'\n\t[line  4]: 'worse\\n'"},
      {"[s]\nbad\n  worse\n", "\t[line  2]: 'bad\\n'\n\t[line  3]: '  worse\\n'"},
      {"[s]\n=1\n  worse\na=1\n  fine\n", "\t[line  2]: '=1\\n'\n\t[line  3]: '  worse\\n'"},
      {"[s]"
       "\n\n\n\n\n\n\n\nbad\n\nbad\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
       "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
       "\n\n\n\n\n\n\n\n\n\n\n\tbadé it's\n   \"x\"\n",
       "\t[line  9]: 'bad\\n'\n\t[line 11]: 'bad\\n'\n\t[line 99]: \"\\tbadé it's\\n\"\n\t[line "
       "100]: '   \"x\"\\n'"},
  };
  for (const Row& row : rows) {
    expect_bad_lines(row);
  }
}

/// The error of a text that must be refused.
ConfigError error_of(std::string_view text) {
  const auto document = parsed(text);
  return document ? ConfigError{} : document.error().front();
}

TEST(IniSource, BlamesTheFirstBadLine) {
  EXPECT_EQ(error_of("\n\nx").line, 3);
  EXPECT_EQ(error_of("[s]\r\na=1\r\rbad\rworse").line, 4);
}

TEST(IniSource, GivesEveryValueItsLine) {
  const std::string text =
      "; head\n\n[s] ; c\na=1\n  more\n\n  still\nlong=" + std::string(500, 'x') +
      "\n\n[t]\r\nb=2\r[s]\na=3\nc=4";
  for (const std::size_t verbatim : kVerbatimLimits) {
    const auto document = parsed(text, verbatim);
    ASSERT_TRUE(document.has_value());
    const IniSection& s = document->sections.at(0);
    EXPECT_EQ(s.line, 3);
    EXPECT_EQ(s.file, "x.conf");
    EXPECT_EQ(s.find("a")->line, 13);  // the one that won
    EXPECT_EQ(s.find("a")->file, "x.conf");
    EXPECT_EQ(s.find("long")->line, 8);
    EXPECT_EQ(s.find("c")->line, 14);
    EXPECT_EQ(document->sections.at(1).line, 10);
    EXPECT_EQ(document->find("t")->find("b")->line, 11);
  }
}

TEST(IniSource, CutsNothingHoweverLong) {
  for (const std::size_t length : {45U, 49U, 50U, 51U, 178U, 180U, 181U, 198U, 199U, 200U, 5000U}) {
    const std::string name(length, 'n');
    const std::string value = std::string(length, 'v') + " FOO=bar";
    const auto document = parsed(cat({"[", name, "1]\n[", name, "2]\n", name, "=", value, "\n  ",
                                      value, "\n", name, "x: short\n"}));
    ASSERT_TRUE(document.has_value()) << length;
    EXPECT_EQ(dump(*document),
              cat({"[", name, "1] [", name, "2] ", name, "=",
                   python_repr(cat({value, "\n", value})), " ", name, "x='short'"}));
  }
}

TEST(IniSource, IsNotFooledByWhatStandsForParkedText) {
  const std::string long_name(60, 'n');
  expect_parsed({"[-]\n-=-\n -\n[" + long_name + "]\n-=1\n" + long_name + "=-\n",
                 "[-] -='-\\n-' [" + long_name + "] -='1' " + long_name + "='-'"});
  expect_bad_lines({"[s]\n-\n", "\t[line  2]: '-\\n'"});
}

TEST(IniSource, KeepsControlCharacters) {
  expect_parsed({"[\x01]\n\x01=\x01\n \x01\n\x02=\x7F\x1B[1m\n",
                 "[\x01] \x01='\\x01\\n\\x01' \x02='\\x7f\\x1b[1m'"});
}

TEST(IniSource, ReportsBytesThatAreNotUtf8InTheReferencesWords) {
  const ConfigError error = error_of("[s]\na=1\nb=\xFF\n");
  EXPECT_EQ(error.message,
            "'utf-8' codec can't decode byte 0xff in position 10: invalid start byte");
  EXPECT_EQ(error.line, 3);
  EXPECT_EQ(error_of("\xE4").message,
            "'utf-8' codec can't decode byte 0xe4 in position 0: unexpected end of data");
}

TEST(IniSource, RefusesNulBytes) {
  const ConfigError error = error_of(std::string_view("[s]\na=1\n; \0\n", 12));
  EXPECT_EQ(error.message, "cannot use config file x.conf: NUL byte in line 3");
  EXPECT_EQ(error.line, 3);
}

TEST(IniSource, RefusesWhatIsTooLarge) {
  const IniLimits limits{.file_bytes = 10};
  EXPECT_TRUE(parse_ini("[s]\nabcd=1", "x", limits).has_value());
  const auto refused = parse_ini("[s]\nabcde=1", "x", limits);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().front().message, "cannot use config file x: larger than 10 bytes");
}

TEST(IniSource, TakesManyNamesInReasonableTime) {
  std::string text;
  for (int i = 0; i < 20'000; ++i) {
    text += cat({"[s", std::to_string(i), "]\nk=1\n"});
  }
  text += "[many]\n";
  for (int i = 0; i < 20'000; ++i) {
    text += cat({"k", std::to_string(i), "=1\n"});
  }
  const auto document = parsed(text);
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->sections.size(), 20'001U);
  EXPECT_EQ(document->sections.back().options.size(), 20'000U);
}

TEST(IniSource, FindsARepeatedKeyAmongFewAndAmongMany) {
  for (const int count : {2, 32, 33, 100}) {
    std::string text = "[s]\n";
    for (int i = 0; i < count; ++i) {
      text += cat({"k", std::to_string(i), "=old\n"});
    }
    text += cat({"[t]\n[s]\nk0=new\nk", std::to_string(count - 1), "=new\n"});
    const auto document = parsed(text);
    ASSERT_TRUE(document.has_value());
    const std::vector<IniOption>& options = document->sections.front().options;
    ASSERT_EQ(options.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(options.front().value, "new");
    EXPECT_EQ(options.back().value, "new");
  }
}

TEST(IniSource, KeepsOnlyTheSectionsThatAreAskedForButChecksAll) {
  constexpr std::array<std::string_view, 2> kOnly{"b", "missing"};
  const std::string text = "[a]\nx=1\n  more\n[b]\ny=2\n  more\n[c]\nz=3\n";
  const auto document = parse_ini(text, "x", {}, kOnly);
  ASSERT_TRUE(document.has_value());
  ASSERT_EQ(document->sections.size(), 1U);
  EXPECT_EQ(document->sections.front().name, "b");
  ASSERT_EQ(document->sections.front().options.size(), 1U);
  EXPECT_EQ(document->sections.front().options.front().value, "2\nmore");

  const std::string bad = text + "nonsense\n";
  const auto some = parse_ini(bad, "x", {}, kOnly);
  const auto all = parse_ini(bad, "x");
  ASSERT_FALSE(some.has_value());
  ASSERT_FALSE(all.has_value());
  EXPECT_EQ(some.error().front().message, all.error().front().message);
}

class IniFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path() const { return directory_ / "x.conf"; }

  void write(const std::string& text) const { directory_.write("x.conf", text); }

  static std::string refusal(const std::string& path, const IniLimits& limits = {}) {
    const auto document = read_ini_file(path, limits);
    return document ? "" : document.error().front().message;
  }

  test::TempDir directory_;
};

TEST_F(IniFile, IsReadAsAWhole) {
  write("[s]\na=" + std::string(100'000, 'x') + "\r\nb=2");
  const auto document = read_ini_file(path());
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->find("s")->find("a")->value.size(), 100'000U);
  EXPECT_EQ(document->find("s")->find("b")->value, "2");
  EXPECT_EQ(document->find("s")->file, path());
}

TEST_F(IniFile, MayBeEmpty) {
  write("");
  EXPECT_EQ(read_ini_file(path()), IniDocument{});
}

TEST_F(IniFile, IsReportedWhenItDoesNotExist) {
  EXPECT_EQ(refusal(path()), "could not find config file " + path());
  EXPECT_EQ(refusal(""), "could not find config file ");
  write("");
  EXPECT_EQ(refusal(path() + "/y"), "could not find config file " + path() + "/y");
}

TEST_F(IniFile, IsReportedWhenItCannotBeRead) {
  const std::string directory = directory_.path().string();
  EXPECT_EQ(refusal(directory), "could not read config file " + directory);
}

TEST_F(IniFile, IsRefusedAboveTheLimitHoweverLargeItIs) {
  write(std::string(100, '\n'));
  EXPECT_EQ(refusal(path(), {.file_bytes = 100}), "");
  EXPECT_EQ(refusal(path(), {.file_bytes = 99}),
            "cannot use config file " + path() + ": larger than 99 bytes");
  // Never ends, so only a bounded reader returns.
  EXPECT_EQ(refusal("/dev/zero", {.file_bytes = 1000}),
            "cannot use config file /dev/zero: larger than 1000 bytes");
}

}  // namespace
}  // namespace sv::config
