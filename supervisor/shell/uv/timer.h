#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// One-shot timer. Never fires early, and at most two milliseconds late: its end is rounded up to
/// the next millisecond, because a deadline rounded down makes its owner spin once for nothing.
///
/// However it is armed by its own callback, everybody else has a turn before it fires again: libuv
/// goes on with timers as long as one of them is due, without looking at descriptors or signals.
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
    uv_idle_t next_turn;  ///< for what is due already: once a turn, and nobody waits meanwhile
    Callback callback;
    int closed = 0;  ///< handles that libuv has let go of
  };
  struct Close {
    void operator()(Block* block) const noexcept;
  };
  std::unique_ptr<Block, Close> block_;
};

}  // namespace sv::shell::uv
