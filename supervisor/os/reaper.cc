#include "os/reaper.h"

#include <sys/wait.h>

#include <cerrno>

namespace sv::os {

std::vector<Reaped> drain_exited(std::size_t max) {
  std::vector<Reaped> reaped;
  while (reaped.size() < max) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid > 0) {
      reaped.push_back({pid, WaitStatus{status}});
    } else if (pid == 0 || errno != EINTR) {
      break;  // 0: none has ended; ECHILD: there are none
    }
  }
  return reaped;
}

bool has_children() noexcept {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

}  // namespace sv::os
