#include "os/process_usage.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <string>

namespace sv::os {
namespace {

using std::chrono::milliseconds;

constexpr KernelUnits kUnits{100, 4096};

/// A line of /proc/<pid>/stat with the fields that matter.
std::string stat_line(const std::string& name, const std::string& user_ticks = "150") {
  return "42 (" + name + ") S 7 40 40 0 -1 4194560 100 0 0 0 " + user_ticks +
         " 50 9 9 20 0 1 0 1234 9999999 256 18446744073709551615 1 1 0 0 0\n";
}

ProcessSample sample(pid_t pid, pid_t parent, pid_t group = 0) {
  return {pid, parent, group, {milliseconds{10}, 1000, 1}};
}

TEST(ProcessUsage, AStatLineGivesTimeAndMemory) {
  const auto parsed = parse_stat(stat_line("cat"), kUnits);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, (ProcessSample{42, 7, 40, {milliseconds{2000}, 256 * 4096, 1}}));
}

TEST(ProcessUsage, ANameMayHoldAnything) {
  for (const char* name : {"a b", ") S 1 1 (", "", "x) R 1", "((", "1 2 3"}) {
    const auto parsed = parse_stat(stat_line(name), kUnits);
    ASSERT_TRUE(parsed) << name;
    EXPECT_EQ(parsed->parent, 7) << name;
  }
}

TEST(ProcessUsage, AgesOfCpuTimeDoNotOverflow) {
  const auto parsed = parse_stat(stat_line("x", "100000000000"), kUnits);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->usage.cpu, std::chrono::seconds{1'000'000'000} + milliseconds{500});
}

TEST(ProcessUsage, WhatIsNoStatLineIsNothing) {
  for (const char* text : {"", "42", "42 (cat)", "42 (cat) S 7", "x (cat) S 7 40 40 0 -1", ") (",
                           "42 (cat) S x 40 40 0 -1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"}) {
    EXPECT_FALSE(parse_stat(text, kUnits)) << text;
  }
}

TEST(ProcessUsage, DescendantsCountForTheirRoot) {
  const std::array samples{sample(1, 0), sample(10, 1), sample(11, 10), sample(12, 11),
                           sample(20, 1)};
  const std::array<pid_t, 3> roots{10, 20, 30};
  const auto sums = sum_by_root(samples, roots);
  EXPECT_EQ(sums[0], (ResourceUsage{milliseconds{30}, 3000, 3}));
  EXPECT_EQ(sums[1], (ResourceUsage{milliseconds{10}, 1000, 1}));
  EXPECT_EQ(sums[2], std::nullopt);
}

TEST(ProcessUsage, OrphansCountForTheGroupTheyStayedIn) {
  const std::array samples{sample(1, 0, 1), sample(10, 1, 10), sample(13, 1, 10),
                           sample(14, 13, 10), sample(15, 1, 15)};
  const std::array<pid_t, 1> roots{10};
  EXPECT_EQ(sum_by_root(samples, roots)[0]->processes, 3U);
}

TEST(ProcessUsage, NobodyIsARoot) {
  const std::array samples{sample(1, 0, 0), sample(2, 0, 0)};
  const std::array<pid_t, 2> roots{0, -1};
  EXPECT_EQ(sum_by_root(samples, roots)[0], std::nullopt);
  EXPECT_EQ(sum_by_root(samples, roots)[1], std::nullopt);
}

TEST(ProcessUsage, ALoopOfParentsEnds) {
  // Samples are not taken at one moment: pids may have been used again in between.
  const std::array samples{sample(5, 6), sample(6, 5)};
  const std::array<pid_t, 1> roots{10};
  EXPECT_EQ(sum_by_root(samples, roots)[0], std::nullopt);
}

TEST(ProcessUsage, ThisProcessHasMemoryAndTime) {
  while (std::clock() < CLOCKS_PER_SEC / 20) {
  }
  const std::array<pid_t, 2> roots{::getpid(), -1};
  const auto usage = usage_of(roots);
  ASSERT_TRUE(usage[0]);
  EXPECT_GT(usage[0]->memory_bytes, 100'000U);
  EXPECT_GE(usage[0]->cpu, milliseconds{20});
  EXPECT_GE(usage[0]->processes, 1U);
  EXPECT_FALSE(usage[1]);
}

}  // namespace
}  // namespace sv::os
