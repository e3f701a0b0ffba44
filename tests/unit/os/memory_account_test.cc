#include "os/memory_account.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

/// A machine's files, recorded: mount points in `mountinfo` are written as @/sys/...
class Machine {
 public:
  Machine(const std::string& cgroup, std::string mountinfo) {
    for (std::size_t at = 0; (at = mountinfo.find('@')) != std::string::npos;) {
      mountinfo.replace(at, 1, root_.path().string());
    }
    file("proc/self/cgroup", cgroup);
    file("proc/self/mountinfo", mountinfo);
  }

  void file(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((root_.path() / name).parent_path());
    root_.write(name, text);
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(root_.path() / name); }
  [[nodiscard]] std::string path(const std::string& name) const { return root_ / name; }
  [[nodiscard]] MemoryAccount account() const { return MemoryAccount(root_ / "proc"); }

 private:
  test::TempDir root_;
};

std::string oom_control(int kills) {
  return "oom_kill_disable 0\nunder_oom 0\noom_kill " + std::to_string(kills) + "\n";
}

std::string events(int kills, int groups = 0) {
  return "low 0\nhigh 0\nmax 86\noom 9\noom_kill " + std::to_string(kills) + "\noom_group_kill " +
         std::to_string(groups) + "\n";
}

/// Version 1 as Docker shows it without a cgroup namespace of the container's own.
Machine version1() {
  return {
      "11:memory:/docker/384a\n4:cpu,cpuacct:/docker/384a\n1:name=systemd:/docker/384a\n"
      "0::/system.slice/containerd.service\n",
      "700 690 0:30 /docker/384a @/sys/fs/cgroup/memory ro,nosuid,nodev,noexec,relatime master:15 "
      "- cgroup cgroup rw,memory\n"
      "701 690 0:31 /docker/384a @/sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"};
}

/// Version 2 as a container with a cgroup namespace sees it.
Machine version2() {
  return {"0::/\n",
          "600 590 0:26 / @/sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup "
          "rw,nsdelegate,memory_recursiveprot\n"};
}

struct Layout {
  const char* what;
  std::string cgroup;
  std::string mountinfo;
  const char* file;  ///< where the kernel counts for us
  int version;
};

TEST(MemoryAccount, FindsTheCounterInEveryLayout) {
  const std::string v1 = "@/sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n";
  const std::string v2 = "@/sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";
  const std::vector<Layout> layouts = {
      {"v1, no container", "8:memory:/x/y\n", "34 30 0:31 / " + v1,
       "sys/fs/cgroup/memory/x/y/memory.oom_control", 1},
      {"v1, host namespace", "8:memory:/docker/abc\n0::/\n", "34 30 0:31 /docker/abc " + v1,
       "sys/fs/cgroup/memory/memory.oom_control", 1},
      {"v1, private namespace", "8:memory:/\n0::/\n", "34 30 0:31 / " + v1,
       "sys/fs/cgroup/memory/memory.oom_control", 1},
      {"v1, a container in a container, read-only", "8:memory:/docker/abc/docker/def\n",
       "34 30 0:31 /docker/abc/docker/def @/sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
       "sys/fs/cgroup/memory/memory.oom_control", 1},
      {"v1, a group of its own in the container", "8:memory:/docker/abc/inner\n",
       "34 30 0:31 /docker/abc " + v1, "sys/fs/cgroup/memory/inner/memory.oom_control", 1},
      {"v1, moved out of the namespace's root", "8:memory:/../def\n", "34 30 0:31 / " + v1,
       "sys/fs/cgroup/memory/memory.oom_control", 1},
      {"v1, mounted twice, one shows another group", "8:memory:/a\n",
       "34 30 0:31 / " + v1 + "35 30 0:31 /b @/other rw - cgroup cgroup rw,memory\n",
       "sys/fs/cgroup/memory/a/memory.oom_control", 1},
      {"hybrid, memory is version 1's", "8:memory:/a\n0::/b\n",
       "34 30 0:31 / " + v1 + "40 30 0:37 / @/sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
       "sys/fs/cgroup/memory/a/memory.oom_control", 1},
      {"hybrid, memory is version 2's", "3:net_cls:/a\n0::/b\n",
       "34 30 0:31 / @/sys/fs/cgroup/net_cls rw - cgroup cgroup rw,net_cls\n"
       "40 30 0:37 / @/sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
       "sys/fs/cgroup/unified/b/memory.events", 2},
      {"v2, no container", "0::/system.slice/modinit.service\n", "30 23 0:26 / " + v2,
       "sys/fs/cgroup/system.slice/modinit.service/memory.events", 2},
      {"v2, host namespace, the container's part mounted", "0::/docker/abc\n",
       "30 23 0:26 /docker/abc " + v2, "sys/fs/cgroup/memory.events", 2},
      {"v2, private namespace", "0::/\n", "30 23 0:26 / " + v2, "sys/fs/cgroup/memory.events", 2},
      {"v2, a group of its own in the container", "0::/init.scope\n", "30 23 0:26 / " + v2,
       "sys/fs/cgroup/init.scope/memory.events", 2},
      {"v2, our group does not account memory, the one above does", "0::/pod/main/leaf\n",
       "30 23 0:26 / " + v2, "sys/fs/cgroup/pod/memory.events", 2},
      {"v2, moved out of the namespace's root", "0::/../other\n", "30 23 0:26 / " + v2,
       "sys/fs/cgroup/memory.events", 2},
      {"v2, a path with a blank", "0::/a b\n",
       "30 23 0:26 / @/sys/fs/c\\040g rw - cgroup2 cgroup2 rw\n", "sys/fs/c g/a b/memory.events",
       2},
  };
  for (const Layout& layout : layouts) {
    SCOPED_TRACE(layout.what);
    const Machine machine(layout.cgroup, layout.mountinfo);
    machine.file(layout.file, layout.version == 1 ? oom_control(7) : events(7));
    MemoryAccount account = machine.account();
    const auto counters = account.counters();
    ASSERT_TRUE(counters);
    EXPECT_EQ(counters->kills, 7U);
    EXPECT_EQ(account.version(), layout.version);
    EXPECT_EQ(account.source(), layout.version == 1 ? "memory.oom_control" : "memory.events");
    EXPECT_EQ(account.events_file(),
              layout.version == 2 ? std::optional(machine.path(layout.file)) : std::nullopt);
  }
}

TEST(MemoryAccount, KnowsNothingWhereThereIsNothingToKnow) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"0::/system.slice/x\n", "22 1 8:1 / @/ rw - ext4 /dev/sda1 rw\n"},    // not mounted
      {"0::/\n", "30 23 0:26 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},  // the machine's root
      {"8:memory:/\n0::/\n", "40 30 0:37 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"},
  };
  for (const auto& [cgroup, mountinfo] : rows) {
    SCOPED_TRACE(cgroup + mountinfo);
    const Machine machine(cgroup, mountinfo);
    MemoryAccount account = machine.account();
    EXPECT_FALSE(account.counters());
    EXPECT_EQ(account.version(), 0);
    EXPECT_EQ(account.source(), "");
    EXPECT_FALSE(account.events_file());
    EXPECT_EQ(account.pressure_files().back(), machine.path("proc/pressure/memory"));
    EXPECT_FALSE(account.levels().usage);
  }
  MemoryAccount without_proc("/nonexistent");
  EXPECT_FALSE(without_proc.counters());
}

TEST(MemoryAccount, AKernelThatDoesNotCountKillsTellsNothing) {
  const Machine machine = version1();
  machine.file("sys/fs/cgroup/memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
  EXPECT_FALSE(machine.account().counters());
}

TEST(MemoryAccount, CountsRiseAndFallWithTheFile) {
  const Machine machine = version1();
  machine.file("sys/fs/cgroup/memory/memory.oom_control", oom_control(2));
  MemoryAccount account = machine.account();
  EXPECT_EQ(account.counters()->kills, 2U);
  machine.file("sys/fs/cgroup/memory/memory.oom_control", oom_control(1234567));
  EXPECT_EQ(account.counters()->kills, 1234567U);
  machine.file("sys/fs/cgroup/memory/memory.oom_control", oom_control(0));
  const auto counters = account.counters();
  EXPECT_EQ(counters->kills, 0U) << "judging a counter that decreases is the reader's business";
  EXPECT_EQ(counters->opened, 1U) << "the same file all the time";
  EXPECT_FALSE(counters->local_kills);
  EXPECT_FALSE(counters->group_kills);
}

TEST(MemoryAccount, Version2TellsOwnKillsAndGroupKillsApart) {
  const Machine machine = version2();
  machine.file("sys/fs/cgroup/memory.events", events(5, 1));
  machine.file("sys/fs/cgroup/memory.events.local", events(2));
  MemoryAccount account = machine.account();
  const auto counters = account.counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->kills, 5U);
  EXPECT_EQ(counters->local_kills, 2U);
  EXPECT_EQ(counters->group_kills, 1U);
}

TEST(MemoryAccount, GroupsBesideOursBelongToTheContainer) {
  const Machine machine("0::/main\n", "30 23 0:26 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  machine.file("sys/fs/cgroup/memory.events", events(5));
  machine.file("sys/fs/cgroup/memory.max", "67108864\n");
  machine.file("sys/fs/cgroup/main/memory.events", events(1));
  machine.file("sys/fs/cgroup/main/memory.events.local", events(1));
  machine.file("sys/fs/cgroup/main/memory.max", "max\n");
  machine.file("sys/fs/cgroup/memory.pressure", "");
  machine.file("sys/fs/cgroup/main/memory.pressure", "");
  MemoryAccount account = machine.account();
  const auto counters = account.counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->kills, 5U) << "four of programs in groups of their own";
  EXPECT_EQ(counters->local_kills, 1U);
  EXPECT_EQ(account.levels().limit, 67108864U);
  EXPECT_EQ(account.events_file(), machine.path("sys/fs/cgroup/memory.events"));
  EXPECT_EQ(account.pressure_files(),
            (std::vector<std::string>{machine.path("sys/fs/cgroup/memory.pressure"),
                                      machine.path("sys/fs/cgroup/main/memory.pressure"),
                                      machine.path("proc/pressure/memory")}));
}

TEST(MemoryAccount, AMoveWithinTheContainerLeavesItsCounter) {
  const Machine machine("0::/main\n", "600 590 0:26 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  machine.file("sys/fs/cgroup/memory.events", events(5));
  machine.file("sys/fs/cgroup/main/memory.events", events(1));
  machine.file("sys/fs/cgroup/other/memory.events", events(0));
  MemoryAccount account = machine.account();
  const auto before = account.counters();
  machine.file("proc/self/cgroup", "0::/other\n");
  machine.file("sys/fs/cgroup/memory.events", events(6));
  const auto after = account.counters();
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->opened, before->opened) << "they can be compared";
  EXPECT_EQ(after->kills, 6U);
}

TEST(MemoryAccount, AnOldVersion2HasNeitherLocalNorGroupKills) {
  const Machine machine = version2();
  machine.file("sys/fs/cgroup/memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 3");
  const auto counters = machine.account().counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->kills, 3U);
  EXPECT_FALSE(counters->local_kills);
  EXPECT_FALSE(counters->group_kills);
}

TEST(MemoryAccount, LooksAgainWhenReadingFails) {
  const Machine machine = version2();
  machine.file("sys/fs/cgroup/memory.events", events(4));
  MemoryAccount account = machine.account();
  const auto before = account.counters();
  // A group that is gone fails with ENODEV; what a plain file can do is say nothing.
  machine.file("sys/fs/cgroup/memory.events", "");
  machine.remove("sys/fs/cgroup/memory.events");
  EXPECT_FALSE(account.counters());
  EXPECT_EQ(account.version(), 0);
  machine.file("sys/fs/cgroup/memory.events", events(1));
  const auto after = account.counters();
  ASSERT_TRUE(after);
  EXPECT_EQ(after->kills, 1U);
  EXPECT_NE(after->opened, before->opened) << "must not be compared with the numbers before";
}

TEST(MemoryAccount, ControlGroupsMayBeMountedLater) {
  const Machine machine("0::/\n", "");
  MemoryAccount account = machine.account();
  EXPECT_FALSE(account.counters());
  const Machine mounted = version2();
  machine.file("proc/self/mountinfo", test::read_all(mounted.path("proc/self/mountinfo")));
  mounted.file("sys/fs/cgroup/memory.events", events(6));
  const auto counters = account.counters();
  ASSERT_TRUE(counters);
  EXPECT_EQ(counters->kills, 6U);
  EXPECT_EQ(account.version(), 2);
}

TEST(MemoryAccount, FollowsAProcessThatWasMoved) {
  const Machine machine("0::/a\n", "30 23 0:26 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  machine.file("sys/fs/cgroup/a/memory.events", events(2));
  machine.file("sys/fs/cgroup/b/memory.events", events(9));
  MemoryAccount account = machine.account();
  const auto before = account.counters();
  machine.file("proc/self/cgroup", "0::/b\n");
  const auto after = account.counters();
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->kills, 2U);
  EXPECT_EQ(after->kills, 9U) << "the old group still exists, but nothing of ours is in it";
  EXPECT_NE(after->opened, before->opened);
}

TEST(MemoryAccount, LevelsOfVersion1) {
  const Machine machine = version1();
  machine.file("sys/fs/cgroup/memory/memory.oom_control", oom_control(0));
  machine.file("sys/fs/cgroup/memory/memory.limit_in_bytes", "125829120\n");
  machine.file("sys/fs/cgroup/memory/memory.usage_in_bytes", "9240576\n");
  machine.file("sys/fs/cgroup/memory/memory.max_usage_in_bytes", "125829120\n");
  const MemoryLevels levels = machine.account().levels();
  EXPECT_EQ(levels.limit, 125829120U);
  EXPECT_EQ(levels.usage, 9240576U);
  EXPECT_EQ(levels.peak, 125829120U);
  machine.file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_FALSE(machine.account().levels().limit);
}

TEST(MemoryAccount, LevelsOfVersion2) {
  const Machine machine = version2();
  machine.file("sys/fs/cgroup/memory.events", events(0));
  machine.file("sys/fs/cgroup/memory.max", "67108864\n");
  machine.file("sys/fs/cgroup/memory.current", "1000000\n");
  MemoryAccount account = machine.account();
  EXPECT_EQ(account.levels().limit, 67108864U);
  EXPECT_EQ(account.levels().usage, 1000000U);
  EXPECT_FALSE(account.levels().peak) << "the kernel is older than 5.19";
  machine.file("sys/fs/cgroup/memory.peak", "67108864\n");
  machine.file("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(account.levels().peak, 67108864U);
  EXPECT_FALSE(account.levels().limit);
}

TEST(MemoryAccount, PressureIsOurGroupsOrElseTheMachines) {
  const Machine machine = version2();
  EXPECT_EQ(machine.account().pressure_files(),
            (std::vector<std::string>{machine.path("sys/fs/cgroup/memory.pressure"),
                                      machine.path("proc/pressure/memory")}));
}

TEST(MemoryAccount, PressureOfAHybridMachineIsVersion2s) {
  const Machine machine("8:memory:/a\n0::/b\n",
                        "34 30 0:31 / @/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                        "40 30 0:37 / @/sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  machine.file("sys/fs/cgroup/memory/a/memory.oom_control", oom_control(0));
  machine.file("sys/fs/cgroup/unified/b/memory.pressure", "");
  MemoryAccount account = machine.account();
  EXPECT_EQ(account.version(), 1);
  EXPECT_EQ(account.pressure_files(),
            (std::vector<std::string>{machine.path("sys/fs/cgroup/unified/b/memory.pressure"),
                                      machine.path("proc/pressure/memory")}));
}

}  // namespace
}  // namespace sv::os
