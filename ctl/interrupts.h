#pragma once

#include <csignal>
#include <optional>

#include "base/time.h"
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

/// What may end a wait early. Without either it lasts as long as it takes.
struct Patience {
  Interrupts* interrupts = nullptr;  ///< not owned; without, SIGINT does what it does
  std::optional<MonoTime> deadline = std::nullopt;

  Patience() = default;
  Patience(Interrupts* source,
           std::optional<MonoTime> until = std::nullopt)  // NOLINT(*-explicit-*)
      : interrupts(source), deadline(until) {}
};

enum class Wait { ready, interrupted, timed_out };

/// Waits until `fd` reports `events` (POLLIN, POLLOUT) or an error. A Ctrl-C that ends the wait is
/// consumed. With fd -1 only the patience ends it.
[[nodiscard]] Wait wait_for(int fd, short events, const Patience& patience);

}  // namespace sv::ctl
