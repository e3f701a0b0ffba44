#include "ctl/interrupts.h"

#include <poll.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>

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

Wait wait_for(int fd, short events, Interrupts* interrupts) {
  std::array<pollfd, 2> fds{{{fd, events, 0}, {-1, POLLIN, 0}}};
  if (interrupts != nullptr) {
    fds[1].fd = interrupts->fd();
  }
  for (;;) {
    const int count = ::poll(fds.data(), fds.size(), -1);
    if (count > 0 && fds[1].revents != 0 && interrupts->take()) {
      return Wait::interrupted;
    }
    if (count > 0 && fds[0].revents != 0) {
      return Wait::ready;
    }
    if (count < 0 && errno != EINTR) {
      return Wait::ready;  // the read or write that follows reports what is wrong
    }
  }
}

}  // namespace sv::ctl
