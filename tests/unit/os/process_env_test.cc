#include "os/process_env.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace sv::os {
namespace {

/// Runs `body` in a forked process, because what is tested here cannot be undone.
template <class Body>
bool in_a_process_of_its_own(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::_exit(body() ? 0 : 1);
  }
  int status = -1;
  return ::waitpid(pid, &status, 0) == pid && status == 0;
}

TEST(RaiseLimit, NeverLowersAndSaysWhetherItRaised) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    rlimit limit{100, 200};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const bool unchanged = raise_limit(RLIMIT_NOFILE, 50) == false;
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const bool still_100 = limit.rlim_cur == 100;
    const bool raised = raise_limit(RLIMIT_NOFILE, 150) == true;
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return unchanged && still_100 && raised && limit.rlim_cur == 150 && limit.rlim_max == 200;
  }));
}

TEST(RaiseLimit, FailsWithoutTheRightToRaiseTheHardLimit) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs an unprivileged user of its own";
  }
  EXPECT_TRUE(in_a_process_of_its_own([] {
    const rlimit limit{100, 200};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (::setuid(65534) != 0) {
      return false;
    }
    const auto result = raise_limit(RLIMIT_NOFILE, 201);
    return !result && result.error().code == ErrorCode::permission_denied &&
           result.error().message == "cannot raise RLIMIT_NOFILE to 201: Operation not permitted";
  }));
}

TEST(DropPrivileges, LeavesNoWayBack) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_TRUE(in_a_process_of_its_own([] {
    const User user{.name = "mop", .uid = 441, .gid = 444, .home = "/", .shell = "/bin/sh"};
    if (!drop_privileges(user)) {
      return false;
    }
    gid_t groups[8];
    return ::setuid(0) != 0 && ::seteuid(0) != 0 && ::getuid() == 441 && ::getgid() == 444 &&
           ::getgroups(8, groups) == 1 && groups[0] == 444;
  }));
}

TEST(DropPrivileges, FailsForAnOrdinaryUser) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_TRUE(in_a_process_of_its_own([] {
    const User nobody{.name = "nobody", .uid = 65534, .gid = 65534, .home = {}, .shell = {}};
    const User other{.name = "other", .uid = 441, .gid = 444, .home = {}, .shell = {}};
    return drop_privileges(nobody) && !drop_privileges(other);
  }));
}

TEST(BecomeSubreaper, AdoptsOrphans) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    int subreaper = 0;
    return become_subreaper() && ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper == 1;
  }));
}

TEST(BecomeSubreaper, CanBeAskedForWithoutBeingDone) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    int subreaper = 1;
    return may_become_subreaper() && ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 &&
           subreaper == 0;
  }));
}

TEST(ReserveStandardDescriptors, FillsTheGapsAndNothingElse) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    ::close(0);
    ::close(2);
    ::fcntl(3, F_SETFD, 0);
    ::close(3);
    reserve_standard_descriptors();
    return ::fcntl(0, F_GETFD) == 0 && ::fcntl(2, F_GETFD) == 0 && ::fcntl(3, F_GETFD) == -1;
  }));
}

TEST(SettleSignals, UndoesWhatWasInheritedAndSurvivesAPipeWithoutReader) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    ::signal(SIGCHLD, SIG_IGN);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    settle_signals();
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    int fds[2];
    if (::sigisemptyset(&mask) != 1 || ::pipe(fds) != 0) {
      return false;
    }
    ::close(fds[0]);
    return ::write(fds[1], "x", 1) == -1 && errno == EPIPE && ::signal(SIGCHLD, SIG_DFL) == SIG_DFL;
  }));
}

TEST(SettleSignals, AFileAtItsSizeLimitIsAnError) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    settle_signals();
    const rlimit limit{4, 4};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    char name[] = "/tmp/modinit-limit-XXXXXX";
    const int fd = ::mkstemp(name);
    ::unlink(name);
    return ::write(fd, "12345", 5) == 4 && ::write(fd, "6", 1) == -1 && errno == EFBIG;
  }));
}

TEST(DetachStdin, PointsItAtTheNullDevice) {
  EXPECT_TRUE(in_a_process_of_its_own([] {
    struct stat stdin_info {};
    struct stat null_info {};
    return detach_stdin() && ::fstat(0, &stdin_info) == 0 && ::stat("/dev/null", &null_info) == 0 &&
           stdin_info.st_rdev == null_info.st_rdev;
  }));
}

}  // namespace
}  // namespace sv::os
