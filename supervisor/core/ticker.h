#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "core/event.h"

namespace sv::core {

/// Which of TICK_5, TICK_60 and TICK_3600 somebody subscribes to.
struct TickSubscriptions {
  bool tick_5 = false;
  bool tick_60 = false;
  bool tick_3600 = false;

  friend bool operator==(const TickSubscriptions&, const TickSubscriptions&) = default;
};

/// Emits the TICK events (supervisor-protocol, 4.4). Time is cut into slices of 5, 60 and 3600
/// seconds of the wall clock; entering another slice gives one event with the slice's start. A
/// period nobody subscribes to has no deadline, so that an idle daemon sleeps.
///
/// Several slices that passed at once give one event, the newest; so does a wall clock that was set
/// back. A jump of the wall clock is noticed at the next deadline, not before.
class Ticker {
 public:
  /// Applies the wish list and returns the events that are due. The first call after a period was
  /// subscribed to only records where it is. Call it at the deadline and when subscriptions change.
  [[nodiscard]] std::vector<Event> update(const TickSubscriptions& wanted, Now now);

  /// When update() must be called again, always later than its last call; nullopt: no period is
  /// subscribed to.
  [[nodiscard]] std::optional<MonoTime> deadline() const { return deadline_; }

 private:
  static constexpr std::size_t kPeriods = 3;

  std::array<std::optional<std::int64_t>, kPeriods> last_slice_;  ///< start, seconds since epoch
  std::optional<MonoTime> deadline_;
};

}  // namespace sv::core
