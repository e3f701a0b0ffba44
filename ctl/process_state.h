#pragma once

#include <cstdint>

/// Process states as the protocol numbers them (supervisor-protocol, 1.9.1).
namespace sv::ctl::process_state {

inline constexpr std::int64_t kStopped = 0;
inline constexpr std::int64_t kStarting = 10;
inline constexpr std::int64_t kRunning = 20;
inline constexpr std::int64_t kBackoff = 30;
inline constexpr std::int64_t kStopping = 40;
inline constexpr std::int64_t kExited = 100;
inline constexpr std::int64_t kFatal = 200;
inline constexpr std::int64_t kUnknown = 1000;

/// STOPPED, EXITED, FATAL and UNKNOWN; on the way up or down is not "not running".
[[nodiscard]] constexpr bool is_stopped(std::int64_t state) {
  return state == kStopped || state == kExited || state == kFatal || state == kUnknown;
}

}  // namespace sv::ctl::process_state
