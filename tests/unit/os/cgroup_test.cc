#include "os/cgroup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

constexpr const char* kV2Mount =
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - cgroup2 cgroup2 rw\n";

TEST(Cgroups, NothingIsKnownWithoutMounts) {
  const Cgroups groups = find_cgroups("0::/docker/abc\n", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
  EXPECT_EQ(groups.version, CgroupVersion::none) << "the 0:: line alone is no v2";
  EXPECT_FALSE(groups.memory);
}

TEST(Cgroups, Version2BelowItsMount) {
  const Cgroups groups = find_cgroups("0::/system.slice/x.service\n", kV2Mount);
  EXPECT_EQ(groups.version, CgroupVersion::v2);
  ASSERT_TRUE(groups.memory);
  EXPECT_EQ(groups.memory->directory, "/sys/fs/cgroup/system.slice/x.service");
  EXPECT_TRUE(groups.memory->is_v2);
  EXPECT_FALSE(groups.memory->mounted_read_only);
}

TEST(Cgroups, ANamespaceShowsItsRootAsTheMount) {
  for (const char* group : {"0::/\n", "0::/../other\n"}) {
    EXPECT_EQ(find_cgroups(group, kV2Mount).memory->directory, "/sys/fs/cgroup") << group;
  }
}

TEST(Cgroups, Version1ControllersAsDockerMountsThem) {
  // Without a cgroup namespace: the mount shows the container's group as its root.
  const Cgroups groups = find_cgroups(
      "8:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n2:pids:/docker/abc\n1:name=systemd:/x\n0::/"
      "y\n",
      "40 38 0:30 /docker/abc /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory\n"
      "41 38 0:31 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "42 38 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n");
  EXPECT_EQ(groups.version, CgroupVersion::v1);
  EXPECT_EQ(groups.memory->directory, "/sys/fs/cgroup/memory");
  EXPECT_TRUE(groups.memory->mounted_read_only);
  EXPECT_FALSE(groups.memory->is_v2);
  EXPECT_EQ(groups.cpu->directory, "/sys/fs/cgroup/cpu,cpuacct");
  EXPECT_EQ(groups.pids->directory, "/sys/fs/cgroup/pids/docker/abc");
}

TEST(Cgroups, BothSideBySideAreHybrid) {
  const Cgroups groups = find_cgroups("8:memory:/a\n0::/a\n",
                                      "40 38 0:30 / /sys/fs/cgroup/memory rw - cgroup c rw,memory\n"
                                      "41 38 0:26 / /sys/fs/cgroup/unified rw - cgroup2 c rw\n");
  EXPECT_EQ(groups.version, CgroupVersion::hybrid);
  EXPECT_EQ(groups.unified->directory, "/sys/fs/cgroup/unified/a");
  EXPECT_EQ(groups.memory->directory, "/sys/fs/cgroup/memory/a");
}

TEST(Cgroups, PathsMayHaveBlanksAndPrefixesThatOnlyLookAlike) {
  const Cgroups groups =
      find_cgroups("0::/docker/abcd\n", "1 2 0:3 /docker/abc /mnt/a\\040b rw - cgroup2 c rw\n");
  EXPECT_EQ(groups.memory->directory, "/mnt/a b");
}

TEST(Cgroups, BrokenLinesAreIgnored) {
  for (const char* mounts : {"", "-", "1 2 3 4 5 6 - cgroup2", "1 2 0:3 / /x rw cgroup2 c rw\n"}) {
    EXPECT_EQ(find_cgroups("0::/\n:\nx\n", mounts).version, CgroupVersion::none) << mounts;
  }
}

class CgroupFiles : public testing::Test {
 protected:
  void file(const std::string& name, const std::string& text) {
    std::ofstream(dir_.path() / name) << text;
  }
  CgroupPlace place(bool is_v2) { return {dir_.path().string(), is_v2, false, {}}; }

  test::TempDir dir_;
};

TEST_F(CgroupFiles, LimitsOfVersion2) {
  Cgroups groups;
  groups.memory = groups.pids = groups.cpu = place(true);
  file("memory.max", "max\n");
  file("pids.max", "100\n");
  file("cpu.max", "150000 100000\n");
  CgroupLimits limits = cgroup_limits(groups);
  EXPECT_FALSE(limits.memory_bytes);
  EXPECT_EQ(limits.processes, 100U);
  EXPECT_EQ(limits.cpus, 1.5);
  file("memory.max", "268435456\n");
  file("cpu.max", "max 100000\n");
  limits = cgroup_limits(groups);
  EXPECT_EQ(limits.memory_bytes, 268435456U);
  EXPECT_FALSE(limits.cpus);
}

TEST_F(CgroupFiles, LimitsOfVersion1) {
  Cgroups groups;
  groups.memory = groups.pids = groups.cpu = place(false);
  file("memory.limit_in_bytes", "9223372036854771712\n");
  file("cpu.cfs_quota_us", "-1\n");
  file("cpu.cfs_period_us", "100000\n");
  CgroupLimits limits = cgroup_limits(groups);
  EXPECT_FALSE(limits.memory_bytes) << "the largest number means none";
  EXPECT_FALSE(limits.processes) << "no such file";
  EXPECT_FALSE(limits.cpus);
  file("memory.limit_in_bytes", "4096\n");
  file("cpu.cfs_quota_us", "50000\n");
  limits = cgroup_limits(groups);
  EXPECT_EQ(limits.memory_bytes, 4096U);
  EXPECT_EQ(limits.cpus, 0.5);
}

}  // namespace
}  // namespace sv::os
