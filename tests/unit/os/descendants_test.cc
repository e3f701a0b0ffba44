#include "os/descendants.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "../../support/temp_dir.h"

namespace sv::os {
namespace {

/// A line of /proc/<pid>/stat as Linux 6 writes it.
std::string stat_line(pid_t pid, const std::string& name, pid_t parent, pid_t group,
                      pid_t session) {
  return std::to_string(pid) + " (" + name + ") S " + std::to_string(parent) + " " +
         std::to_string(group) + " " + std::to_string(session) +
         " 34816 40 4194304 100 0 0 0 15 5 0 0 20 0 1 0 98765 9999999 256 18446744073709551615 1 "
         "1 0 0 0 0 65536 4 65538 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
}

/// A folder that looks like /proc.
class RecordedTree {
 public:
  void add(pid_t pid, const std::string& name, pid_t parent, pid_t group = 0, pid_t session = 0) {
    const std::string folder = std::to_string(pid);
    std::filesystem::create_directory(proc_ / folder);
    proc_.write(folder + "/stat", stat_line(pid, name, parent, group, session));
  }
  [[nodiscard]] const test::TempDir& folder() const { return proc_; }
  [[nodiscard]] std::vector<ProcessEntry> all() const {
    return all_processes(proc_.path().string());
  }

 private:
  test::TempDir proc_;
};

std::vector<pid_t> pids(const std::vector<ProcessEntry>& entries) {
  std::vector<pid_t> found;
  for (const ProcessEntry& entry : entries) {
    found.push_back(entry.pid);
  }
  return found;
}

TEST(Descendants, ALineSaysWhoAProcessIs) {
  EXPECT_EQ(parse_process_entry(stat_line(42, "cat", 7, 40, 41)),
            (ProcessEntry{42, 7, 40, 41, "cat", 98765}));
}

TEST(Descendants, ANameMayHoldAnything) {
  for (const char* name : {"a b", ") S 1 1 (", "", "x) R 1", "((", "1 2 3", "tmux: server"}) {
    const auto entry = parse_process_entry(stat_line(42, name, 7, 40, 41));
    ASSERT_TRUE(entry) << name;
    EXPECT_EQ(entry->name, name);
    EXPECT_EQ(entry->parent, 7) << name;
  }
}

TEST(Descendants, WhatIsNoStatLineIsNothing) {
  for (const char* text : {"", "42", "42 (cat)", "42 (cat) S 7", ") (", "42 () ", " () S 7",
                           "x (cat) S 7 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
                           "42 (cat) S x 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"}) {
    EXPECT_FALSE(parse_process_entry(text)) << text;
  }
}

TEST(Descendants, ARecordedTreeIsWalkedParentsFirst) {
  RecordedTree tree;
  tree.add(1, "modinit", 0);
  tree.add(30, "app", 1, 30, 30);
  tree.add(20, "worker", 30, 30, 30);  // a pid lower than its parent's: pids wrap around
  tree.add(10, "detached", 20, 10, 10);
  tree.add(40, "other", 1, 40, 40);
  tree.add(41, "other's", 40, 40, 40);
  EXPECT_EQ(pids(descendants_of(30, tree.all())), (std::vector<pid_t>{20, 10}));
  EXPECT_EQ(descendants_of(10, tree.all()), std::vector<ProcessEntry>{});
  EXPECT_EQ(descendants_of(99, tree.all()), std::vector<ProcessEntry>{});

  std::vector<pid_t> everybody = pids(descendants_of(1, tree.all()));
  const auto position = [&](pid_t pid) {
    return std::find(everybody.begin(), everybody.end(), pid) - everybody.begin();
  };
  EXPECT_LT(position(30), position(20));
  EXPECT_LT(position(20), position(10));
  EXPECT_LT(position(40), position(41));
  EXPECT_EQ(everybody.size(), 5U);
}

TEST(Descendants, WhatVanishedOrIsNoProcessIsPassedOver) {
  RecordedTree tree;
  tree.add(5, "app", 1);
  std::filesystem::create_directory(tree.folder() / "6");  // ended between listing and reading
  std::filesystem::create_directory(tree.folder() / "self");
  (void)tree.folder().write("7", "no folder");
  std::filesystem::create_directory(tree.folder() / "8");
  (void)tree.folder().write("8/stat", "");
  EXPECT_EQ(pids(tree.all()), std::vector<pid_t>{5});
}

TEST(Descendants, WithoutProcNobodyIsKnown) {
  const test::TempDir nothing;
  EXPECT_TRUE(all_processes(nothing / "proc").empty());
  EXPECT_TRUE(all_processes(nothing.path().string()).empty());
}

TEST(Descendants, ALoopOfParentsEnds) {
  // Entries are not of one moment: pids may have been used again in between.
  const std::vector<ProcessEntry> loop{{5, 6, 0, 0, "", 0}, {6, 5, 0, 0, "", 0}};
  EXPECT_EQ(pids(descendants_of(5, loop)), std::vector<pid_t>{6});
  EXPECT_TRUE(descendants_of(1, loop).empty());
}

TEST(Descendants, RealChildrenAndOneThatCalledSetsidAreFound) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const pid_t grandchild = ::fork();
    if (grandchild == 0) {
      ::setsid();
      const pid_t self = ::getpid();
      (void)!::write(pipe[1], &self, sizeof self);
    }
    ::pause();
    ::_exit(0);
  }
  pid_t grandchild = 0;
  ASSERT_EQ(::read(pipe[0], &grandchild, sizeof grandchild),
            static_cast<ssize_t>(sizeof grandchild));
  const std::vector<ProcessEntry> found = descendants_of(::getpid(), all_processes());
  const std::vector<ProcessEntry> below = descendants_of(child, all_processes());
  ::kill(grandchild, SIGKILL);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);

  EXPECT_EQ(pids(found), (std::vector<pid_t>{child, grandchild}));
  ASSERT_EQ(pids(below), std::vector<pid_t>{grandchild});
  EXPECT_EQ(below.front().parent, child);
  EXPECT_EQ(below.front().session, grandchild);
  EXPECT_EQ(below.front().group, grandchild);
  EXPECT_GT(below.front().start_ticks, 0U);
}

}  // namespace
}  // namespace sv::os
