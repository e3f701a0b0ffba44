#pragma once

#include <cstdint>

/// Process states as the protocol numbers them (supervisor-protocol, 1.9.1).
namespace sv::ctl::process_state {

inline constexpr std::int64_t kStopped = 0;
inline constexpr std::int64_t kRunning = 20;
inline constexpr std::int64_t kExited = 100;
inline constexpr std::int64_t kFatal = 200;
inline constexpr std::int64_t kUnknown = 1000;

}  // namespace sv::ctl::process_state
