#pragma once

#include "base/time.h"

namespace sv::test {

/// Time as the test wants it. Starts at a plausible moment, so that nothing can mistake it for
/// "never"; moves only when told.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] Now now() const override { return now_; }

  /// Both clocks move on, as they do.
  void advance(Duration by) {
    now_.mono += by;
    now_.wall += std::chrono::duration_cast<WallTime::duration>(by);
  }

  /// To a moment of the monotonic clock; a moment that has passed changes nothing.
  void advance_to(MonoTime when) {
    if (when > now_.mono) {
      advance(when - now_.mono);
    }
  }

  /// Somebody sets the wall clock; either direction.
  void set_wall_clock(WallTime when) { now_.wall = when; }

 private:
  Now now_{MonoTime{std::chrono::hours{5}}, WallTime{std::chrono::seconds{1'795'400'000}}};
};

}  // namespace sv::test
