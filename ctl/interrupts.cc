#include "ctl/interrupts.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

namespace sv::ctl {

Interrupts::Interrupts() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, &previous_);
  fd_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

Interrupts::~Interrupts() {
  if (sigismember(&previous_, SIGINT) == 0) {
    take();  // a late Ctrl-C must not kill the program when the mask comes back
  }
  sigprocmask(SIG_SETMASK, &previous_, nullptr);
}

bool Interrupts::take() {
  signalfd_siginfo info{};
  return fd_ && ::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info);
}

namespace {

// For poll(): rounded up, because a wait that ends too early only begins again.
int milliseconds_until(const std::optional<MonoTime>& deadline) {
  if (!deadline) {
    return -1;
  }
  constexpr std::chrono::milliseconds kLongest{24 * 3600 * 1000};
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*deadline - SystemClock().now().mono);
  return static_cast<int>(std::clamp(left, std::chrono::milliseconds(0), kLongest).count());
}

}  // namespace

Wait wait_for(int fd, short events, const Patience& patience) {
  std::array<pollfd, 2> fds{{{fd, events, 0}, {-1, POLLIN, 0}}};
  if (patience.interrupts != nullptr) {
    fds[1].fd = patience.interrupts->fd();
  }
  for (;;) {
    const int timeout = milliseconds_until(patience.deadline);
    const int count = ::poll(fds.data(), fds.size(), timeout);
    if (count > 0 && fds[1].revents != 0 && patience.interrupts->take()) {
      return Wait::interrupted;
    }
    if (count > 0 && fds[0].revents != 0) {
      return Wait::ready;
    }
    if (count == 0 && timeout == 0) {
      return Wait::timed_out;
    }
    if (count < 0 && errno != EINTR) {
      return Wait::ready;  // the read or write that follows reports what is wrong
    }
  }
}

}  // namespace sv::ctl
