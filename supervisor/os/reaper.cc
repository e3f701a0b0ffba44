#include "os/reaper.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace sv::os {

namespace {

Duration duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

/// Somebody who has ended and is not collected yet; 0: nobody.
pid_t next_to_collect() {
  siginfo_t info{};
  while (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno != EINTR) {
      return 0;  // ECHILD: there are no children
    }
  }
  return info.si_pid;
}

/// Collects one of `whom` (as for wait4); nullopt: none has ended.
std::optional<Reaped> collect(pid_t whom) {
  Reaped ended;
  int status = 0;
  rusage usage{};
  ended.pid = ::wait4(whom, &status, WNOHANG, &usage);
  if (ended.pid <= 0) {
    return std::nullopt;
  }
  constexpr std::uint64_t kKibibyte = 1024;
  ended.status = WaitStatus{status};
  ended.user_time = duration_of(usage.ru_utime);
  ended.system_time = duration_of(usage.ru_stime);
  ended.max_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * kKibibyte;
  return ended;
}

}  // namespace

std::vector<Reaped> drain_exited(std::size_t max) {
  std::vector<Reaped> reaped;
  while (reaped.size() < max) {
    const pid_t pid = next_to_collect();
    if (pid <= 0) {
      break;
    }
    // As long as it is a zombie the kernel still knows where it belonged. A group is of one
    // session, so all others of this group are collected with one call each: orphans come by the
    // thousand.
    const pid_t group = ::getpgid(pid);
    const pid_t session = ::getsid(pid);
    // Group 1 would stand for everybody, and 0 (of another namespace) for our own.
    const pid_t whom = group > 1 ? -group : pid;
    const std::size_t before = reaped.size();
    while (reaped.size() < max) {
      std::optional<Reaped> ended = collect(whom);
      if (!ended) {
        break;
      }
      ended->group = group;
      ended->session = session;
      reaped.push_back(*ended);
    }
    if (reaped.size() == before) {
      break;  // cannot be: nobody else waits
    }
  }
  return reaped;
}

bool has_children() noexcept {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace sv::os
