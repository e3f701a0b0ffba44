#include "init/environment_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sv::init {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

std::string value_of(const std::string& content) {
  const auto variable = variable_of({"X", content});
  return variable ? variable->second : "<" + variable.error().message + ">";
}

TEST(EnvironmentStore, AFileLosesExactlyOneLineEnd) {
  EXPECT_EQ(value_of("a"), "a");
  EXPECT_EQ(value_of("a\n"), "a");
  EXPECT_EQ(value_of("a\n\n"), "a\n");
  EXPECT_EQ(value_of("a\r\n"), "a");
  EXPECT_EQ(value_of("a\r\nb\n"), "a\r\nb");
  EXPECT_EQ(value_of("\n"), "");
  EXPECT_EQ(value_of(""), "");
  EXPECT_EQ(value_of("\xff\xfe"), "\xff\xfe");
}

TEST(EnvironmentStore, WhatCannotBeAVariableIsRefused) {
  EXPECT_FALSE(variable_of({"", "x"}));
  EXPECT_FALSE(variable_of({"a=b", "x"}));
  EXPECT_FALSE(variable_of({"X", "a\0b"s}));
  EXPECT_FALSE(variable_of({"X", std::string(kLongestVariable - 1, 'a')}));
  EXPECT_TRUE(variable_of({"X", std::string(kLongestVariable - 2, 'a')}));
}

TEST(EnvironmentStore, AValueSurvivesTheWayThroughItsFile) {
  for (const std::string& value : {"a"s, ""s, "a\n"s, "\n"s, "\n\n"s, "a\r\n"s, "\xff"s}) {
    EXPECT_EQ(value_of(file_content(value)), value);
  }
}

TEST(EnvironmentStore, AtBootTheContainersVariablesWin) {
  EXPECT_THAT(import_at_boot({{"A", "container"}}, {{"A", "file"}, {"B", "file"}}),
              ElementsAre(Pair("A", "container"), Pair("B", "file")));
}

TEST(EnvironmentStore, AScriptSetsAndUnsetsThroughFiles) {
  const Variables before{{"HOME", "/mnt/home"}, {"KEPT", "1"}, {"GONE", "1"}};
  EXPECT_THAT(import_after_script(before, {"KEPT", "GONE"}, {{"KEPT", "2"}, {"NEW", "3"}}, false),
              ElementsAre(Pair("HOME", "/mnt/home"), Pair("KEPT", "2"), Pair("NEW", "3")));
}

TEST(EnvironmentStore, IdentityStaysUnlessAFileSaysOtherwise) {
  EXPECT_THAT(import_after_script({{"HOME", "/root"}}, {}, {{"HOME", "/srv"}}, false),
              ElementsAre(Pair("HOME", "/srv")));
  EXPECT_THAT(import_after_script({{"HOME", "/root"}, {"X", "1"}}, {}, {}, true),
              ElementsAre(Pair("X", "1")));
}

TEST(EnvironmentStore, WhatTheStoreNeverHeldIsNotLost) {
  EXPECT_THAT(import_after_script({{"odd/name", "1"}}, {}, {}, false),
              ElementsAre(Pair("odd/name", "1")));
}

TEST(EnvironmentStore, OnlyWhatDiffersIsWritten) {
  const auto files = files_to_write(
      {{"SAME", "1"}, {"OTHER", "2"}, {"NEW", "3\n"}, {"HOME", "/root"}, {"a/b", "x"}, {"..", "x"}},
      {{"SAME", "1"}, {"OTHER", "1"}});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].name, "OTHER");
  EXPECT_EQ(files[1].name, "NEW");
  EXPECT_EQ(files[1].content, "3\n\n");
}

TEST(EnvironmentStore, TheShellsDumpQuotesWhatNeedsIt) {
  EXPECT_EQ(shell_dump({{"EMPTY", ""},
                        {"BARE", "a@%+=:,./-_9"},
                        {"SPACE", "a b"},
                        {"QUOTE", "it's"},
                        {"LINES", "a\nb"},
                        {"A-B.C", "1"},
                        {"HOME", "/root"},
                        {"1X", "no shell's name"}}),
            "export EMPTY=''\n"
            "export BARE=a@%+=:,./-_9\n"
            "export SPACE='a b'\n"
            "export QUOTE='it'\"'\"'s'\n"
            "export LINES='a\nb'\n"
            "export A_B_C=1\n");
}

TEST(EnvironmentStore, TheJsonDumpHasAllOfThemInAscii) {
  EXPECT_EQ(json_dump({}), "{}");
  EXPECT_EQ(json_dump({{"HOME", "/root"}, {"X", "\"\\\n\t\r\x01\x7f"}}),
            R"({"HOME": "/root", "X": "\"\\\n\t\r\u0001\u007f"})");
  EXPECT_EQ(json_dump({{"U", "\xc3\xa9\xf0\x9f\x98\x80"}}), R"({"U": "\u00e9\ud83d\ude00"})");
  EXPECT_EQ(json_dump({{"BAD", "a\xff\xc3"}}), R"({"BAD": "a\udcff\udcc3"})");
}

}  // namespace
}  // namespace sv::init
