#pragma once

#include <signal.h>

#include <array>
#include <cstdint>

namespace sv::shell {

/// What a signal to process 1 asks for: the table "Signals" of docs/process-one.md.
enum class SignalDuty : std::uint8_t {
  reap,
  end,
  reload,
  reopen_logs,
  pass_on,  ///< means nothing to us: the main command's, if there is one
};

/// "Halt", as systemd takes it and podman sends it to images that say so: SIGRTMIN+3 of glibc.
inline constexpr int kHalt = 37;

/// Everything process 1 has a duty to act on; the kernel discards what has no handler there.
inline constexpr std::array kDaemonSignals{SIGCHLD, SIGTERM, SIGINT, SIGQUIT,
                                           SIGPWR,  kHalt,   SIGHUP, SIGUSR2};
/// With a main command also what that may wait for.
inline constexpr std::array kMainCommandSignals{SIGUSR1, SIGWINCH, SIGALRM};

[[nodiscard]] constexpr SignalDuty duty_of(int signal) {
  switch (signal) {
    case SIGCHLD:
      return SignalDuty::reap;
    case SIGTERM:
    case SIGINT:
    case SIGQUIT:
    case SIGPWR:
    case kHalt:
      return SignalDuty::end;
    case SIGHUP:
      return SignalDuty::reload;
    case SIGUSR2:
      return SignalDuty::reopen_logs;
    default:
      return SignalDuty::pass_on;
  }
}

}  // namespace sv::shell
