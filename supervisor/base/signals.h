#pragma once

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

}  // namespace sv
