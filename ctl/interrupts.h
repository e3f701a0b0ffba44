#pragma once

#include <csignal>

#include "base/unique_fd.h"

namespace sv::ctl {

/// Ctrl-C as a readable descriptor instead of a handler: while an object lives, SIGINT is blocked
/// and waits in a signalfd. Objects nest; the innermost sees the signal. The previous mask comes
/// back on destruction, with a signal that nobody looked at dropped.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Readable when a signal waits; -1 when the system has no descriptor to give.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// True once per signal.
  bool take();

 private:
  sigset_t previous_{};
  UniqueFd fd_;
};

enum class Wait { ready, interrupted };

/// Waits until `fd` reports `events` (POLLIN, POLLOUT) or an error. With `interrupts`, a Ctrl-C
/// ends the wait and is consumed; without, SIGINT does what it does.
[[nodiscard]] Wait wait_for(int fd, short events, Interrupts* interrupts);

}  // namespace sv::ctl
