#include "os/reaper.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>

namespace sv::os {
namespace {

/// A child that has ended with `status` in `group` (0: one of its own), and is a zombie.
pid_t zombie(pid_t group, int status) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, group);
    ::_exit(status);
  }
  siginfo_t info{};
  EXPECT_EQ(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  return pid;
}

TEST(OsReaper, TellsOfEachChildTheGroupItDiedIn) {
  const pid_t first = zombie(0, 1);
  const pid_t second = zombie(0, 2);
  const std::map<pid_t, pid_t> group_of{{first, first},
                                        {second, second},
                                        {zombie(first, 3), first},
                                        {zombie(second, 4), second},
                                        {zombie(::getpgrp(), 5), ::getpgrp()},
                                        {zombie(first, 6), first}};
  std::set<int> statuses;
  const std::vector<Reaped> reaped = drain_exited(100);
  ASSERT_EQ(reaped.size(), group_of.size());
  for (const Reaped& ended : reaped) {
    ASSERT_TRUE(group_of.contains(ended.pid));
    EXPECT_EQ(ended.group, group_of.at(ended.pid));
    EXPECT_EQ(ended.session, ::getsid(0));
    statuses.insert(ended.status.exit_code());
  }
  EXPECT_EQ(statuses, (std::set<int>{1, 2, 3, 4, 5, 6}));
  EXPECT_FALSE(has_children());
}

TEST(OsReaper, CollectsNoMoreThanItIsToldTo) {
  const pid_t group = zombie(0, 0);
  zombie(group, 0);
  zombie(group, 0);
  EXPECT_EQ(drain_exited(2).size(), 2U);
  EXPECT_EQ(drain_exited(2).size(), 1U);
  EXPECT_TRUE(drain_exited(2).empty());
}

TEST(OsReaper, LeavesRunningChildrenAlone) {
  const pid_t running = ::fork();
  if (running == 0) {
    ::pause();
    ::_exit(0);
  }
  const pid_t ended = zombie(::getpgrp(), 0);
  const std::vector<Reaped> reaped = drain_exited(100);
  ASSERT_EQ(reaped.size(), 1U);
  EXPECT_EQ(reaped.front().pid, ended);
  EXPECT_TRUE(has_children());
  ::kill(running, SIGKILL);
  EXPECT_EQ(::waitpid(running, nullptr, 0), running);
}

}  // namespace
}  // namespace sv::os
