#include "ctl/completion.h"

#include <gtest/gtest.h>

namespace sv::ctl {
namespace {

using Words = std::vector<std::string>;

const std::vector<ProcessName> kProcesses{
    {"cat", "cat"}, {"grp", "a"}, {"grp", "b"}, {"web-1", "web-1"}};

Words complete_line(std::string_view line) {
  return complete(line, [] { return kProcesses; });
}

TEST(Completion, OffersActionsForTheFirstWord) {
  EXPECT_EQ(complete_line("sta"), (Words{"start", "status"}));
  EXPECT_EQ(complete_line("  re"), (Words{"reload", "remove", "reread", "restart"}));
  EXPECT_EQ(complete_line("").size(), 22U) << "everything in the help, and help";
  EXPECT_EQ(complete_line("help ma"), (Words{"maintail"}));
  EXPECT_EQ(complete_line("xyz"), Words{});
}

TEST(Completion, OffersProcessesInTheirShortestForm) {
  EXPECT_EQ(complete_line("start "), (Words{"cat", "grp:a", "grp:*", "grp:b", "web-1"}));
  EXPECT_EQ(complete_line("status cat w"), (Words{"web-1"}));
  EXPECT_EQ(complete_line("signal HUP grp:"), (Words{"grp:a", "grp:*", "grp:b"}));
  EXPECT_EQ(complete_line("tail cat:"), (Words{"cat:cat", "cat:*"}));
  EXPECT_EQ(complete_line("stop web-"), (Words{"web-1"}));
}

TEST(Completion, OffersGroupsWhereGroupsAreWanted) {
  EXPECT_EQ(complete_line("update "), (Words{"cat", "grp", "web-1"}));
  EXPECT_EQ(complete_line("remove g"), (Words{"grp"}));
}

TEST(Completion, OffersAModctlsOptions) {
  const auto modctl = [](std::string_view line) {
    return complete(
        line, [] { return kProcesses; }, Dialect::modctl);
  };
  EXPECT_EQ(modctl("status cat --j"), (Words{"--json"}));
  EXPECT_EQ(modctl("maintail --"), Words{});
  EXPECT_EQ(complete_line("status --"), Words{});
}

TEST(Completion, AsksForNamesOnlyWhenTheyMatter) {
  int asked = 0;
  const ProcessNames names = [&asked] {
    ++asked;
    return std::vector<ProcessName>{};
  };
  for (const char* line : {"sta", "help s", "avail ", "foo ", "quit x"}) {
    (void)complete(line, names);
  }
  EXPECT_EQ(asked, 0);
  (void)complete("start ", names);
  EXPECT_EQ(asked, 1);
}

TEST(Completion, KnowsTheWordAtTheEnd) {
  EXPECT_EQ(word_at_end("start grp:*"), "grp:*");
  EXPECT_EQ(word_at_end("start "), "");
  EXPECT_EQ(word_at_end(""), "");
  EXPECT_EQ(word_at_end("\tx"), "x");
}

TEST(Completion, TheCommonPrefixNeverCutsACharacter) {
  EXPECT_EQ(common_prefix({"start", "status"}), "sta");
  EXPECT_EQ(common_prefix({"one"}), "one");
  EXPECT_EQ(common_prefix({}), "");
  EXPECT_EQ(common_prefix({"a", "b"}), "");
  EXPECT_EQ(common_prefix({"x\xC3\xA9", "x\xC3\xA8"}), "x");
}

}  // namespace
}  // namespace sv::ctl
