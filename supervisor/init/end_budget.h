#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace sv::init {

/// Whom the end waits for, one after another.
enum class EndUser : std::uint8_t { main_command, scripts, services, leftovers };
inline constexpr std::size_t kEndUsers = 4;

/// The time of the whole end: how it is divided, and who has used how much of it. Plain data; all
/// points in time are arguments.
///
/// Each turn may take an equal share of what is left for it and the turns after it, so whoever ends
/// early leaves time to the others. A little is kept for the leftovers, which come last.
struct EndBudget {
  /// Kept for the leftovers, of a longer end; a quarter of a short one.
  static constexpr std::chrono::milliseconds kForLeftovers{500};

  std::optional<MonoTime> began;  ///< nullopt: nothing ends yet
  std::optional<Duration> limit;  ///< nullopt: it may take as long as it takes
  Duration kept{};
  std::array<std::optional<Duration>, kEndUsers> used;
  std::optional<EndUser> user;  ///< whose turn it is
  MonoTime turn_began;

  /// Once; later calls change nothing.
  void begin(MonoTime now, std::optional<Duration> whole, bool with_leftovers);
  /// Ends the turn before. nullopt: nobody's time.
  void give_turn(std::optional<EndUser> next, MonoTime now);

  /// When everything must be over.
  [[nodiscard]] std::optional<MonoTime> end_by() const;
  /// What the turn that begins now may take, being the first of `turns`; never negative.
  [[nodiscard]] std::optional<Duration> share(int turns, MonoTime now) const;
  /// "Ended in 4.2 s of 9.0 s: main command 1.0 s, services 3.0 s".
  [[nodiscard]] std::string summary(MonoTime now) const;

  friend bool operator==(const EndBudget&, const EndBudget&) = default;
};

}  // namespace sv::init
