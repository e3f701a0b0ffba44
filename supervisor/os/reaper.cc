#include "os/reaper.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

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

}  // namespace

std::vector<Reaped> drain_exited(std::size_t max) {
  std::vector<Reaped> reaped;
  while (reaped.size() < max) {
    const pid_t pid = next_to_collect();
    if (pid <= 0) {
      break;
    }
    // As long as it is a zombie the kernel still knows where it belonged.
    Reaped ended;
    ended.pid = pid;
    ended.group = ::getpgid(pid);
    ended.session = ::getsid(pid);
    int status = 0;
    rusage usage{};
    if (::wait4(pid, &status, WNOHANG, &usage) != pid) {
      break;  // cannot be: nobody else waits
    }
    constexpr std::uint64_t kKibibyte = 1024;
    ended.status = WaitStatus{status};
    ended.user_time = duration_of(usage.ru_utime);
    ended.system_time = duration_of(usage.ru_stime);
    ended.max_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * kKibibyte;
    reaped.push_back(ended);
  }
  return reaped;
}

bool has_children() noexcept {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace sv::os
