#include "rpc/names.h"

#include <gtest/gtest.h>

namespace sv::rpc {
namespace {

TEST(Names, AreSplitAtTheFirstColon) {
  struct Case {
    std::string_view name;
    NameSpec spec;
  };
  const Case cases[] = {
      {"a", {"a", "a"}},
      {"g:a", {"g", "a"}},
      {"g:*", {"g", std::nullopt}},
      {"g:", {"g", std::nullopt}},
      {"g:a:b", {"g", "a:b"}},
      {":a", {"", "a"}},
      {"", {"", ""}},
      {"*", {"*", "*"}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(split_namespec(c.name), c.spec) << c.name;
  }
}

TEST(Names, AreShortWhenGroupAndProcessAreCalledTheSame) {
  EXPECT_EQ(make_namespec("a", "a"), "a");
  EXPECT_EQ(make_namespec("g", "a"), "g:a");
}

}  // namespace
}  // namespace sv::rpc
