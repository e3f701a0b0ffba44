#include "os/process_env.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/text.h"
#include "base/unique_fd.h"

namespace sv::os {
namespace {

std::string_view limit_name(int which) {
  return which == RLIMIT_NPROC ? "RLIMIT_NPROC" : "RLIMIT_NOFILE";
}

/// All three ids of each kind are the user's, and root cannot be had back.
bool dropped_for_good(const User& user) {
  uid_t uids[3] = {};
  gid_t gids[3] = {};
  if (::getresuid(&uids[0], &uids[1], &uids[2]) != 0 ||
      ::getresgid(&gids[0], &gids[1], &gids[2]) != 0) {
    return false;
  }
  for (int i = 0; i < 3; ++i) {
    if (uids[i] != user.uid || gids[i] != user.gid) {
      return false;
    }
  }
  return user.uid == 0 || ::setuid(0) != 0;
}

}  // namespace

Result<void> become_subreaper() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return fail_errno(errno, "cannot adopt orphaned processes");
  }
  return {};
}

bool may_become_subreaper() noexcept {
  int now = 0;
  if (::prctl(PR_GET_CHILD_SUBREAPER, &now, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) {
    return false;
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, now, 0, 0, 0);
  return true;
}

Result<bool> raise_limit(int which, std::uint64_t minimum) {
  const auto resource = static_cast<__rlimit_resource_t>(which);
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0) {
    return fail_errno(errno, cat({"cannot read ", limit_name(which)}));
  }
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= minimum) {
    return false;
  }
  limit.rlim_cur = minimum;
  if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < minimum) {
    limit.rlim_max = minimum;
  }
  if (::setrlimit(resource, &limit) != 0) {
    return fail_errno(errno,
                      cat({"cannot raise ", limit_name(which), " to ", std::to_string(minimum)}));
  }
  return true;
}

Result<void> drop_privileges(const User& user) {
  const std::vector<gid_t> groups = group_list(user);
  if (::setgroups(groups.size(), groups.data()) != 0) {
    return fail_errno(errno, cat({"cannot set the groups of user '", user.name, "'"}));
  }
  if (::setresgid(user.gid, user.gid, user.gid) != 0) {
    return fail_errno(errno, cat({"cannot set group id ", std::to_string(user.gid)}));
  }
  if (::setresuid(user.uid, user.uid, user.uid) != 0) {
    return fail_errno(errno, cat({"cannot set user id ", std::to_string(user.uid)}));
  }
  if (!dropped_for_good(user)) {
    return fail(ErrorCode::permission_denied,
                cat({"cannot drop privileges to user '", user.name, "': they can be regained"}));
  }
  return {};
}

Result<void> detach_stdin() {
  const UniqueFd null_device(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null_device) {
    return fail_errno(errno, "cannot open '/dev/null'");
  }
  if (::dup2(null_device.get(), STDIN_FILENO) < 0) {
    return fail_errno(errno, "cannot replace standard input");
  }
  return {};
}

bool has_terminal() noexcept {
  return ::tcgetsid(STDIN_FILENO) == ::getsid(0);
}

void take_terminal_back() noexcept {
  ::tcsetpgrp(STDIN_FILENO, ::getpgrp());
}

void reserve_standard_descriptors() noexcept {
  // open() takes the lowest free number, so this fills 0, 1 and 2 and stops at the first above.
  // Without /dev/null the root directory does: reads and writes of it fail, which is right.
  for (;;) {
    int fd = ::open("/dev/null", O_RDWR);
    if (fd < 0) {
      fd = ::open("/", O_PATH);
    }
    if (fd < 0 || fd > STDERR_FILENO) {
      if (fd >= 0) {
        ::close(fd);
      }
      return;
    }
  }
}

void settle_signals() noexcept {
  for (const int number : {SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU}) {
    ::signal(number, SIG_IGN);
  }
  ::signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace sv::os
