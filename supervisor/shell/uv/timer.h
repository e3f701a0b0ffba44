#pragma once

#include <functional>

#include "base/time.h"
#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// One-shot timer. Never fires early, and at most two milliseconds late: its end is rounded up to
/// the next millisecond, because a deadline rounded down makes its owner spin once for nothing.
class Timer {
 public:
  using Callback = std::function<void()>;

  Timer() noexcept = default;  ///< no timer; only assignment, stop() and armed() are allowed
  Timer(Loop& loop, Callback on_due);

  /// Fires once after `delay` (at the next turn of the loop when it is zero or negative). Replaces
  /// an earlier arming.
  void arm(Duration delay) noexcept;

  /// arm() for a point in time, given what time it is.
  void start_at(MonoTime due, MonoTime now) noexcept { arm(due - now); }

  void stop() noexcept;
  [[nodiscard]] bool armed() const noexcept;

 private:
  struct Block {
    uv_timer_t handle;
    Callback callback;
  };
  HandlePtr<Block> block_;
};

}  // namespace sv::shell::uv
