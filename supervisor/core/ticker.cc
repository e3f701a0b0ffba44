#include "core/ticker.h"

#include <algorithm>
#include <chrono>

namespace sv::core {
namespace {

struct Period {
  EventType type;
  std::int64_t seconds;
  bool TickSubscriptions::*wanted;
};

constexpr std::array<Period, 3> kPeriodTable{{
    {EventType::tick_5, 5, &TickSubscriptions::tick_5},
    {EventType::tick_60, 60, &TickSubscriptions::tick_60},
    {EventType::tick_3600, 3600, &TickSubscriptions::tick_3600},
}};

std::int64_t slice_start(WallTime wall, std::int64_t period) {
  const std::int64_t seconds = unix_seconds(wall);
  const std::int64_t into = seconds % period;
  return seconds - (into < 0 ? into + period : into);
}

/// How long until the wall clock reaches `boundary`; positive if the boundary is ahead.
Duration until(std::int64_t boundary, WallTime wall) {
  const auto at = std::chrono::seconds(boundary);
  return std::chrono::ceil<Duration>(at - wall.time_since_epoch());
}

}  // namespace

std::vector<Event> Ticker::update(const TickSubscriptions& wanted, Now now) {
  std::vector<Event> due;
  deadline_.reset();
  for (std::size_t i = 0; i < kPeriods; ++i) {
    const Period& period = kPeriodTable[i];
    if (!(wanted.*period.wanted)) {
      last_slice_[i].reset();
      continue;
    }
    const std::int64_t slice = slice_start(now.wall, period.seconds);
    if (last_slice_[i].has_value() && *last_slice_[i] != slice) {
      due.push_back(tick_event(period.type, slice));
    }
    last_slice_[i] = slice;
    const MonoTime next = now.mono + until(slice + period.seconds, now.wall);
    deadline_ = std::min(deadline_.value_or(next), next);
  }
  return due;
}

}  // namespace sv::core
