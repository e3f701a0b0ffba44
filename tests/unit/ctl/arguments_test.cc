#include "ctl/arguments.h"

#include <gtest/gtest.h>

#include <array>

namespace sv::ctl {
namespace {

using Words = std::vector<std::string>;

constexpr std::array kAllowed{CommandOption::json, CommandOption::wait};

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

TEST(Arguments, AnOptionalValueFollowsAnEqualsSign) {
  const auto value = [](std::string_view text) {
    return Arguments::parse(text, kAllowed)->value_of(CommandOption::wait);
  };
  EXPECT_EQ(value("a"), std::nullopt);
  EXPECT_EQ(value("a --wait 5"), "");
  EXPECT_EQ(value("--wait=5 a"), "5");
  EXPECT_EQ(value("--wait=5 --wait=6"), "6");
}

TEST(Arguments, ARequiredValueMayStandAnywhere) {
  constexpr std::array kLines{CommandOption::lines, CommandOption::ready};
  for (const char* text : {"-n 5 a", "-n5 a", "--lines=5 a", "a --lines 5"}) {
    const auto arguments = Arguments::parse(text, kLines);
    ASSERT_TRUE(arguments) << text;
    EXPECT_EQ(arguments->value_of(CommandOption::lines), "5") << text;
    EXPECT_EQ(arguments->words(), Words{"a"}) << text;
  }
  EXPECT_EQ(Arguments::parse("a -n", kLines).error(), "option -n needs a value: LINES");
  EXPECT_EQ(Arguments::parse("--ready a --ready=b", kLines)->values_of(CommandOption::ready),
            (Words{"a", "b"}));
}

TEST(Arguments, ARowSaysHowItIsWritten) {
  EXPECT_EQ(spelling_of(row_of(CommandOption::json)), "--json");
  EXPECT_EQ(spelling_of(row_of(CommandOption::lines)), "-n, --lines=LINES");
  EXPECT_EQ(spelling_of(row_of(CommandOption::wait)), "--wait[=SECONDS]");
}

}  // namespace
}  // namespace sv::ctl
