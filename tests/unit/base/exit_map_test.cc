#include "base/exit_map.h"

#include <gtest/gtest.h>

namespace sv {
namespace {

TEST(ExitMap, ExchangesWhatItNamesAndNothingElse) {
  const auto map = ExitMap::parse("143=0, 137=1,143=7");
  ASSERT_TRUE(map.has_value());
  EXPECT_EQ(map->apply(143), 0);
  EXPECT_EQ(map->apply(137), 1);
  EXPECT_EQ(map->apply(0), 0);
  EXPECT_EQ(map->apply(3), 3);
  EXPECT_EQ(ExitMap().apply(9), 9);
}

TEST(ExitMap, SaysWhatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } rows[] = {
      {"", "'' is not of the form STATUS=STATUS"},
      {"143", "'143' is not of the form STATUS=STATUS"},
      {"143=0,", "'' is not of the form STATUS=STATUS"},
      {"x=0", "'x' is not an exit status from 0 to 255"},
      {"143=256", "'256' is not an exit status from 0 to 255"},
      {"-1=0", "'-1' is not an exit status from 0 to 255"},
  };
  for (const auto& row : rows) {
    const auto map = ExitMap::parse(row.text);
    ASSERT_FALSE(map.has_value()) << row.text;
    EXPECT_EQ(map.error().message, row.message);
  }
}

}  // namespace
}  // namespace sv
