#include "config/glob.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temp_dir.h"

namespace sv::config {
namespace {

namespace fs = std::filesystem;

TEST(Glob, MatchesOneComponent) {
  struct Row {
    std::string pattern;
    std::string name;
    bool matches;
  };
  // Expected values: Python's fnmatch.fnmatchcase, and glob's rule for a leading dot.
  const std::vector<Row> rows{
      {"*", "", true},
      {"*", "abc", true},
      {"*.conf", "a.conf", true},
      {"*.conf", "a.conf.bak", false},
      {"*a*b*", "xaxxbx", true},
      {"*a*b*", "xbxxa", false},
      {"**", "abc", true},
      {"a**c", "abc", true},
      {"?", "a", true},
      {"?", "", false},
      {"?", "\u00e9", true},
      {"??", "\u00e9", false},
      {"[abc]", "b", true},
      {"[abc]", "d", false},
      {"[!abc]", "d", true},
      {"[!abc]", "a", false},
      {"[a-c]x", "bx", true},
      {"[c-a]", "b", false},
      {"[a-]", "-", true},
      {"[-a]", "-", true},
      {"[]]", "]", true},
      {"[!]]", "a", true},
      {"[!]]", "]", false},
      {"[]a]", "a", true},
      {"[", "[", true},
      {"[a", "[a", true},
      {"[!", "[!", true},
      {"a[b", "a[b", true},
      {"[^a]", "^", true},
      {"[\u00e0-\u00ef]", "\u00e9", true},
      {"[\\]]", "\\]", true},
      {"\\*", "*", false},
      {"\\*", "\\x", true},
      {"{a,b}", "a", false},
      {"", "", true},
      {"", "a", false},
      {"*", ".hidden", false},
      {"?hidden", ".hidden", false},
      {"[.]hidden", ".hidden", false},
      {".*", ".hidden", true},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(matches_component(row.name, row.pattern), row.matches)
        << row.pattern << " " << row.name;
  }
}

TEST(Glob, ManyStarsTakeNoTimeAtAll) {
  const std::string name(2000, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) {
    pattern += "*a";
  }
  EXPECT_TRUE(matches_component(name, pattern));
  EXPECT_FALSE(matches_component(name, pattern + "b"));
}

class GlobFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b", ".dot"}) {
      fs::create_directory(dir_.path() / name);
      dir_.write(std::string(name) + "/x.conf", "");
    }
    dir_.write("a/B.conf", "");
    dir_.write("a/.h.conf", "");
    dir_.write("file", "");
    fs::create_symlink("nowhere", dir_.path() / "dangling");
  }

  std::string found(const std::string& pattern) {
    std::string out;
    for (const std::string& path : glob(dir_ / "" + pattern)) {
      out += (out.empty() ? "" : " ") + path.substr(dir_.path().string().size() + 1);
    }
    return out;
  }

  test::TempDir dir_;
};

TEST_F(GlobFiles, FindsFilesSortedByBytes) {
  EXPECT_EQ(found("a/*.conf"), "a/B.conf a/x.conf");
  EXPECT_EQ(found("*/x.conf"), "a/x.conf b/x.conf");
  EXPECT_EQ(found("[ab]/*"), "a/B.conf a/x.conf b/x.conf");
  EXPECT_EQ(found("*"), "a b dangling file");
  EXPECT_EQ(found(".*"), ".dot");
  EXPECT_EQ(found(".d*/*"), ".dot/x.conf");
  EXPECT_EQ(found("a/.*"), "a/.h.conf");
}

TEST_F(GlobFiles, APlainNameIsFoundWhenItExists) {
  EXPECT_EQ(found("file"), "file");
  EXPECT_EQ(found("dangling"), "dangling");
  EXPECT_EQ(found("nothing"), "");
  EXPECT_EQ(found("file/x"), "");
}

TEST_F(GlobFiles, KeepsThePatternsSpelling) {
  EXPECT_EQ(found("a//x.conf"), "a//x.conf");
  EXPECT_EQ(found("b/../a/x*"), "b/../a/x.conf");
  EXPECT_EQ(found("./a/x*"), "./a/x.conf");
}

TEST_F(GlobFiles, FindsNothingBelowFiles) {
  EXPECT_EQ(found("*/*/x"), "");
  EXPECT_EQ(found("file/*"), "");
  EXPECT_EQ(found("nothing/*"), "");
}

}  // namespace
}  // namespace sv::config
