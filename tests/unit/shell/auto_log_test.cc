#include "shell/auto_log.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_dir.h"

namespace sv::shell {
namespace {

using core::Channel;

TEST(AutoLog, MakesAnEmptyPrivateFileOfTheKnownPattern) {
  test::TempDir dir;
  const mode_t ours = ::umask(0);
  const auto first =
      create_auto_log(dir.path().string(), "web:1", Channel::standard_output, "supervisor");
  const auto second =
      create_auto_log(dir.path().string(), "web:1", Channel::standard_output, "supervisor");
  ::umask(ours);
  ASSERT_TRUE(first);
  ASSERT_TRUE(second);
  EXPECT_NE(*first, *second);
  const std::string prefix = dir / "web:1-stdout---supervisor-";
  EXPECT_EQ(first->substr(0, prefix.size()), prefix);
  EXPECT_EQ(first->size(), prefix.size() + 8 + 4);
  struct stat info {};
  ASSERT_EQ(::stat(first->c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, mode_t{0600});
  EXPECT_EQ(info.st_size, 0);
}

TEST(AutoLog, TellsWhyAFileCannotBeMade) {
  EXPECT_EQ(create_auto_log("/no/such/dir", "x", Channel::standard_error, "s").error(), ENOENT);
  EXPECT_EQ(create_auto_log("/tmp", std::string(300, 'x'), Channel::standard_error, "s").error(),
            ENAMETOOLONG);
}

TEST(AutoLog, RecognisesItsOwnNamesOnly) {
  for (const char* name :
       {"web-stdout---supervisor-abcd_123.log", "web-stderr---supervisor-abcd_123.log",
        "a---b-stdout---supervisor-abcdefgh.log", "x-stdout---supervisor-abcdefgh.log.1",
        "x-stdout---supervisor-abcdefgh.log.1000"}) {
    EXPECT_TRUE(is_auto_log_name(name, "supervisor")) << name;
  }
  for (const char* name :
       {"web-stdout---other-abcdefgh.log", "web-stdout---supervisor-abcdefgh.log.bak",
        "web-stdout---supervisor-abcdefgh.log.", "web-stdout---supervisor-abcdefgh.log12345",
        "web-stdout---supervisor-abcdefgh.log.12345", "web-stdout---supervisor-abcdefg.log",
        "web-stdout---supervisor-ABCDEFGH.log", "-stdout---supervisor-abcdefgh.log",
        "web---supervisor-abcdefgh.log", "web-stdin---supervisor-abcdefgh.log",
        "web-stdout---xsupervisor-abcdefgh.log", "supervisord.log", ".log", ""}) {
    EXPECT_FALSE(is_auto_log_name(name, "supervisor")) << name;
  }
}

TEST(AutoLog, TheIdentifierIsNoPattern) {
  EXPECT_FALSE(is_auto_log_name("web-stdout---abc-abcdefgh.log", "a.c"));
  EXPECT_TRUE(is_auto_log_name("web-stdout---a.c-abcdefgh.log", "a.c"));
}

TEST(AutoLog, CleanUpRemovesOurFilesAndNothingElse) {
  test::TempDir dir;
  dir.write("web-stdout---supervisor-abcdefgh.log", "");
  dir.write("web-stdout---supervisor-abcdefgh.log.2", "");
  const std::string foreign = dir.write("web-stdout---other-abcdefgh.log", "");
  const std::string target = dir.write("precious", "kept");
  const std::string link = dir / "web-stderr---supervisor-abcdefgh.log";
  ASSERT_EQ(::symlink(target.c_str(), link.c_str()), 0);
  const std::string directory = dir / "d-stdout---supervisor-abcdefgh.log";
  ASSERT_EQ(::mkdir(directory.c_str(), 0755), 0);

  const AutoLogCleanup result = remove_auto_logs(dir.path().string(), "supervisor");
  EXPECT_FALSE(result.directory_unreadable);
  EXPECT_EQ(result.failed, std::vector<std::string>{directory});
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    left.push_back(entry.path().string());
  }
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{directory, target, foreign}));
}

TEST(AutoLog, AMissingDirectoryIsReported) {
  EXPECT_TRUE(remove_auto_logs("/no/such/dir", "supervisor").directory_unreadable);
}

}  // namespace
}  // namespace sv::shell
