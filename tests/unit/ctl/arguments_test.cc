#include "ctl/arguments.h"

#include <gtest/gtest.h>

#include <array>

namespace sv::ctl {
namespace {

using Words = std::vector<std::string>;

constexpr std::array kAllowed{CommandOption::json};

TEST(Arguments, AreOnlyWordsForASupervisorctl) {
  const Arguments arguments("  a  --json\t-f ");
  EXPECT_EQ(arguments.words(), (Words{"a", "--json", "-f"}));
  EXPECT_FALSE(arguments.has(CommandOption::json));
}

TEST(Arguments, OptionsMayStandAmongTheWords) {
  const auto arguments = Arguments::parse("a --json b", kAllowed);
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->words(), (Words{"a", "b"}));
  EXPECT_TRUE(arguments->has(CommandOption::json));
  EXPECT_EQ(arguments->text(), "a --json b");
}

TEST(Arguments, ADoubleDashEndsTheOptions) {
  const auto arguments = Arguments::parse("a -- --json --", kAllowed);
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->words(), (Words{"a", "--json", "--"}));
  EXPECT_FALSE(arguments->has(CommandOption::json));
}

TEST(Arguments, NumbersWithDashesAreTheCommandsBusiness) {
  for (const char* word : {"-5", "--5", "-f", "-", "-x"}) {
    const auto arguments = Arguments::parse(word, {});
    ASSERT_TRUE(arguments) << word;
    EXPECT_EQ(arguments->words(), Words{word});
  }
}

struct Mistake {
  std::string_view text;
  std::string_view message;
};

TEST(Arguments, MistakesAreTold) {
  for (const Mistake& row : {Mistake{"--jsno", "there is no option --jsno"},
                             {"a --x=5 b", "there is no option --x"},
                             {"--json=1", "option --json has no value"}}) {
    const auto arguments = Arguments::parse(row.text, kAllowed);
    ASSERT_FALSE(arguments) << row.text;
    EXPECT_EQ(arguments.error(), row.message);
  }
}

TEST(Arguments, ARowSaysHowItIsWritten) {
  EXPECT_EQ(spelling_of(row_of(CommandOption::json)), "--json");
}

}  // namespace
}  // namespace sv::ctl
