#include "ctl/names.h"

#include <gtest/gtest.h>

namespace sv::ctl {
namespace {

using Words = std::vector<std::string>;

const std::vector<ProcessName> kKnown{{"cat", "cat"},     {"grp", "w1"},    {"grp", "w22"},
                                      {"gru", "w1"},      {"web", "a"},     {"web-1", "web-1"},
                                      {"web-2", "web-2"}, {".dot", ".dot"}, {"new", "new", false}};

Words expanded(const Words& words, Takes takes) {
  return expand_patterns(words, takes, kKnown);
}

struct PatternCase {
  Words words;
  Words processes;     ///< for start, stop, ...
  Words each_process;  ///< for tail, pid, ...
};

class NamePatterns : public testing::TestWithParam<PatternCase> {};

TEST_P(NamePatterns, BecomeNames) {
  EXPECT_EQ(expanded(GetParam().words, Takes::processes), GetParam().processes);
  EXPECT_EQ(expanded(GetParam().words, Takes::each_process), GetParam().each_process);
}

INSTANTIATE_TEST_SUITE_P(
    Table, NamePatterns,
    testing::Values(
        PatternCase{{"web-*"}, {"web-1", "web-2"}, {"web-1", "web-2"}},
        PatternCase{{"web*"}, {"web:a", "web-1", "web-2"}, {"web:a", "web-1", "web-2"}},
        PatternCase{{"web-[13]"}, {"web-1"}, {"web-1"}},
        PatternCase{{"grp:w?"}, {"grp:w1"}, {"grp:w1"}},
        PatternCase{{"gr?:w*"}, {"grp:w1", "grp:w22", "gru:w1"}, {"grp:w1", "grp:w22", "gru:w1"}},
        PatternCase{{"*:w1"}, {"grp:w1", "gru:w1"}, {"grp:w1", "gru:w1"}},
        // The daemon knows what a whole group is, where it has a method for it.
        PatternCase{{"grp:*"}, {"grp:*"}, {"grp:w1", "grp:w22"}},
        PatternCase{{"grp:"}, {"grp:"}, {"grp:w1", "grp:w22"}},
        PatternCase{{"gr?:*"}, {"grp:*", "gru:*"}, {"grp:w1", "grp:w22", "gru:w1"}},
        // Once each, in the order asked for.
        PatternCase{{"web-2", "web-*"}, {"web-2", "web-1"}, {"web-2", "web-1"}},
        // Nothing matches: the command refuses what was typed.
        PatternCase{{"zz*", "cat"}, {"zz*", "cat"}, {"zz*", "cat"}},
        PatternCase{{"zz:*"}, {"zz:*"}, {"zz:*"}},
        // No special rule for dots.
        PatternCase{{"*dot"}, {".dot"}, {".dot"}},
        PatternCase{{"-5", "all", "cat"}, {"-5", "all", "cat"}, {"-5", "all", "cat"}}));

TEST(NamePatterns, OfGroupsDependOnTheCommand) {
  EXPECT_EQ(expanded({"[gn]*"}, Takes::groups), (Words{"grp", "gru", "new"}));
  EXPECT_EQ(expanded({"[gn]*"}, Takes::active_groups), (Words{"grp", "gru"}));
  EXPECT_EQ(expanded({"[gn]*"}, Takes::new_groups), (Words{"new"}));
  EXPECT_EQ(expanded({"zz*"}, Takes::groups), (Words{"zz*"}));
}

}  // namespace
}  // namespace sv::ctl
