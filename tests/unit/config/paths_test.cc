#include "config/paths.h"

#include <gtest/gtest.h>

namespace sv::config {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// Expected values: Python's os.path.

TEST(Paths, DirectoryPartIsTextual) {
  const Rows rows{{"", ""},
                  {"a", ""},
                  {"a/b", "a"},
                  {"/a", "/"},
                  {"//a", "//"},
                  {"a//b", "a"},
                  {"a/b/", "a/b"},
                  {"/", "/"},
                  {"./a", "."},
                  {"../b/c", "../b"},
                  {"/usr/bin/x", "/usr/bin"}};
  for (const auto& [path, expected] : rows) {
    EXPECT_EQ(directory_part(path), expected) << path;
  }
}

TEST(Paths, NormalisesWithoutLookingAtTheFileSystem) {
  const Rows rows{{"", "."},         {".", "."},           {"a/./b", "a/b"},       {"a//b/", "a/b"},
                  {"a/../b", "b"},   {"..", ".."},         {"../../a", "../../a"}, {"/..", "/"},
                  {"/../a", "/a"},   {"//a", "//a"},       {"///a", "/a"},         {"a/..", "."},
                  {"/a/b/..", "/a"}, {"../a/../b", "../b"}};
  for (const auto& [path, expected] : rows) {
    EXPECT_EQ(normalized_path(path), expected) << path;
  }
}

TEST(Paths, JoinsUnlessTheNameIsAbsolute) {
  EXPECT_EQ(join_path("/d", "x/../y"), "/d/x/../y");
  EXPECT_EQ(join_path("/d/", "x"), "/d/x");
  EXPECT_EQ(join_path("/d", "/x"), "/x");
  EXPECT_EQ(join_path("", "x"), "x");
  EXPECT_EQ(absolute_path("x/../y", "/d"), "/d/y");
  EXPECT_EQ(absolute_path("", "/d"), "/d");
}

TEST(Paths, KnowsDirectories) {
  EXPECT_TRUE(is_directory("/"));
  EXPECT_FALSE(is_directory("/dev/null"));
  EXPECT_FALSE(is_directory("/no/such"));
}

}  // namespace
}  // namespace sv::config
