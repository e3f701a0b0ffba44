#include "os/find_command.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

using Kind = CommandError::Kind;

TEST(FindCommand, TheFirstExistingEntryOfThePathDecides) {
  test::TempDir dir;
  ::mkdir((dir / "a").c_str(), 0755);
  ::mkdir((dir / "b").c_str(), 0755);
  ::mkdir((dir / "c").c_str(), 0755);
  dir.script("c/tool", "#!/bin/sh\n");
  const std::string path = (dir / "a") + ":" + (dir / "b") + ":" + (dir / "c");

  EXPECT_EQ(find_command("tool", path), dir / "c/tool");

  dir.write("b/tool", "plain");
  auto found = find_command("tool", path);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), (CommandError{Kind::not_executable, "command at '" + (dir / "b/tool") +
                                                                   "' is not executable"}));

  ::mkdir((dir / "a/tool").c_str(), 0755);
  found = find_command("tool", path);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(), (CommandError{Kind::is_directory,
                                         "command at '" + (dir / "a/tool") + "' is a directory"}));
}

TEST(FindCommand, WithoutAPathTheUsualPlacesAreSearched) {
  EXPECT_EQ(find_command("sh", std::nullopt), "/bin/sh");
  EXPECT_EQ(find_command("sh", ""), "/bin/sh");
  EXPECT_EQ(find_command("sh", "/usr/bin/"), "/usr/bin/sh");
}

TEST(FindCommand, ANameWithASlashIsTakenAsItIs) {
  test::TempDir dir;
  const std::string file = dir.script("run", "#!/bin/sh\n");
  EXPECT_EQ(find_command(file, "/nowhere"), file);
}

TEST(FindCommand, AnEmptyPathEntryIsTheCurrentDirectory) {
  test::TempDir dir;
  dir.script("here-only", "#!/bin/sh\n");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  EXPECT_EQ(find_command("here-only", "/nowhere:"), "here-only");
  EXPECT_EQ(find_command("here-only", "/nowhere:."), "./here-only");
  EXPECT_FALSE(find_command("here-only", "/nowhere"));
  std::filesystem::current_path(before);
}

TEST(FindCommand, WhatIsMissingIsNamedAsWritten) {
  for (const char* name : {"no-such-command", "/no/such/file", "./nothing", ""}) {
    const auto found = find_command(name, std::nullopt);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error(),
              (CommandError{Kind::not_found, "can't find command '" + std::string(name) + "'"}));
  }
}

TEST(FindCommand, RightsAreCheckedForUs) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  test::TempDir dir;
  ::chmod(dir.path().c_str(), 0755);
  const std::string file = dir.script("secret", "#!/bin/sh\n");  // 0700, root's
  ASSERT_EQ(::setresuid(65534, 0, 0), 0);                        // access() asks for the real user
  const auto found = find_command(file, std::nullopt);
  ASSERT_EQ(::setresuid(0, 0, 0), 0);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error(),
            (CommandError{Kind::no_permission, "no permission to run command '" + file + "'"}));
}

}  // namespace
}  // namespace sv::os
