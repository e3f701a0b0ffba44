#include "shell/environment_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/temp_dir.h"

namespace sv::shell {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class EnvironmentFilesTest : public ::testing::Test {
 protected:
  EnvironmentFilesTest() { fs::create_directory(dir_ / "store"); }

  std::string content(const std::string& name) { return test::read_all(dir_ / ("store/" + name)); }

  mode_t mode(const std::string& name) {
    struct stat info {};
    EXPECT_EQ(::stat((dir_ / name).c_str(), &info), 0);
    return info.st_mode & 07777U;
  }

  test::TempDir dir_;
  std::vector<std::string> reports_;
  EnvironmentFiles files_{{dir_ / "store", dir_ / "env.sh", dir_ / "env.json", "no such group"},
                          [this](std::string_view text) { reports_.emplace_back(text); }};
};

TEST_F(EnvironmentFilesTest, BootImportsAndExports) {
  dir_.write("store/FILE", "from file\n");
  EXPECT_THAT(files_.boot({{"A", "1"}}), ElementsAre(Pair("A", "1"), Pair("FILE", "from file")));
  EXPECT_EQ(content("A"), "1");
  EXPECT_EQ(content("FILE"), "from file\n");
  EXPECT_EQ(test::read_all(dir_ / "env.sh"), "export A=1\nexport FILE='from file'\n");
  EXPECT_EQ(test::read_all(dir_ / "env.json"), R"({"A": "1", "FILE": "from file"})");
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(EnvironmentFilesTest, DumpsAreNotForEverybody) {
  (void)files_.boot({});
  EXPECT_EQ(mode("env.sh"), 0640U);
  EXPECT_EQ(mode("env.json"), 0640U);
}

TEST_F(EnvironmentFilesTest, DumpsKeepTheModeTheyHad) {
  fs::permissions(dir_.write("env.sh", "old"), fs::perms::owner_read);
  (void)files_.boot({{"A", "1"}});
  EXPECT_EQ(mode("env.sh"), 0400U);
  EXPECT_EQ(test::read_all(dir_ / "env.sh"), "export A=1\n");
}

TEST_F(EnvironmentFilesTest, AScriptSetsAndUnsets) {
  init::Variables environment = files_.boot({{"A", "1"}, {"HOME", "/root"}});
  fs::remove(dir_ / "store/A");
  dir_.write("store/B", "2");
  environment = files_.after_script(std::move(environment), false);
  EXPECT_THAT(environment, ElementsAre(Pair("HOME", "/root"), Pair("B", "2")));
  EXPECT_EQ(test::read_all(dir_ / "env.sh"), "export B=2\n");
}

TEST_F(EnvironmentFilesTest, WithoutTheDirectoryNothingHappens) {
  fs::remove(dir_ / "store");
  EXPECT_THAT(files_.boot({{"A", "1"}}), ElementsAre(Pair("A", "1")));
  EXPECT_FALSE(fs::exists(dir_ / "env.sh"));
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(EnvironmentFilesTest, OddEntriesAreReportedAndPassedOver) {
  fs::create_directory(dir_ / "store/folder");
  dir_.write("store/a=b", "x");
  EXPECT_THAT(files_.boot({{"a/b", "1"}}), ElementsAre(Pair("a/b", "1")));
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("a=b"), HasSubstr("folder"))) << "nothing else";
}

TEST_F(EnvironmentFilesTest, WhatCannotBeWrittenStaysInMemory) {
  fs::create_directory(dir_ / "store/TAKEN");  // no file can replace it
  init::Variables environment = files_.boot({{"TAKEN", "1"}});
  EXPECT_FALSE(reports_.empty());
  EXPECT_THAT(files_.after_script(std::move(environment), false), ElementsAre(Pair("TAKEN", "1")));
}

}  // namespace
}  // namespace sv::shell
