#pragma once

#include <chrono>
#include <cstdint>

namespace sv {

/// Policy is measured on the monotonic clock (CLOCK_MONOTONIC): a wall-clock jump changes nothing
/// but what is printed. The clock is system-wide, so values survive an exec of the daemon.
using MonoTime = std::chrono::steady_clock::time_point;

/// Display and protocol timestamps only.
using WallTime = std::chrono::system_clock::time_point;

using Duration = std::chrono::steady_clock::duration;

/// Both clocks read at one moment. Passed into everything that decides; only SystemClock reads
/// them, so tests own time.
struct Now {
  MonoTime mono;
  WallTime wall;

  friend bool operator==(const Now&, const Now&) = default;
};

/// Source of Now. The only implementation that touches the system is SystemClock.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Now now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Now now() const override {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
  }
};

/// Whole seconds since the epoch, rounded towards the past. What Supervisor's protocol carries.
[[nodiscard]] inline std::int64_t unix_seconds(WallTime t) {
  return std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
}

}  // namespace sv
