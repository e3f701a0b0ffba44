#pragma once

#include <sys/wait.h>

#include <string>

namespace sv {

/// How a process ended: the value of waitpid, as a value type.
class WaitStatus {
 public:
  constexpr WaitStatus() noexcept = default;
  constexpr explicit WaitStatus(int raw) noexcept : raw_(raw) {}

  /// For tests and for replaying a serialised state.
  [[nodiscard]] static constexpr WaitStatus from_exit(int code) noexcept {
    return WaitStatus((code & 0xFF) << 8);
  }
  [[nodiscard]] static constexpr WaitStatus from_signal(int signal) noexcept {
    return WaitStatus(signal & 0x7F);
  }

  [[nodiscard]] int raw() const noexcept { return raw_; }
  [[nodiscard]] bool exited() const noexcept { return WIFEXITED(raw_); }
  [[nodiscard]] bool signaled() const noexcept { return WIFSIGNALED(raw_); }
  [[nodiscard]] int signal() const noexcept { return WTERMSIG(raw_); }
  [[nodiscard]] bool core_dumped() const noexcept { return signaled() && WCOREDUMP(raw_); }

  /// Exit code, or -1 when a signal ended the process (the reference's convention).
  [[nodiscard]] int exit_code() const noexcept { return exited() ? WEXITSTATUS(raw_) : -1; }

  /// A shell's view: the exit code, or 128 and the signal. What a program ends with that ends
  /// because of another.
  [[nodiscard]] int shell_status() const noexcept {
    constexpr int kSignalled = 128;
    return signaled() ? kSignalled + signal() : exit_code();
  }

  /// "exit status 3", "terminated by SIGKILL (core dumped)", "unknown termination cause 0x137f".
  [[nodiscard]] std::string describe() const;

  friend bool operator==(const WaitStatus&, const WaitStatus&) = default;

 private:
  int raw_ = 0;
};

}  // namespace sv
