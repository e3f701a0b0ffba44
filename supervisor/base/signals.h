#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sv {

/// The name the reference product prints for a signal: "SIGTERM", "SIGRTMIN"; "signal 35" for a
/// number without a name (rule: supervisor-config, section 10, table "Message table").
[[nodiscard]] std::string signal_name(int number);

/// A signal given by a user: a number, or a name in any case with or without SIG, surrounding
/// spaces ignored. Accepts what the reference accepts: 0-31, 34 and 64 as numbers, the aliases
/// CLD IOT POLL IO STKFLT PWR RTMIN RTMAX, and the pseudo names SIG_DFL (0) and SIG_IGN (1).
[[nodiscard]] std::optional<int> parse_signal(std::string_view text);

/// A set of signals, 1 to 64.
class SignalSet {
 public:
  constexpr void add(int number) { bits_ |= bit(number); }
  [[nodiscard]] constexpr bool contains(int number) const { return (bits_ & bit(number)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

  friend bool operator==(const SignalSet&, const SignalSet&) = default;

 private:
  static constexpr std::uint64_t bit(int number) {
    return number >= 1 && number <= 64 ? std::uint64_t{1} << static_cast<unsigned>(number - 1) : 0;
  }

  std::uint64_t bits_ = 0;
};

}  // namespace sv
