#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Value types of the configuration and the command line. Each accepts and rejects exactly what
/// the reference product does and fails with its message (supervisor-config, section 2); whoever
/// calls adds where the value came from.
namespace sv {

/// Decimal, optional sign, single underscores between digits, surrounding space allowed.
/// Two restrictions: values outside of 64 bits are refused (limit_exceeded), and digits are ASCII
/// digits, where the reference has no limit and takes the digits of any script.
[[nodiscard]] Result<std::int64_t> parse_integer(std::string_view text);

/// yes true on 1 / no false off 0, any case.
[[nodiscard]] Result<bool> parse_boolean(std::string_view text);

/// Integer with optional kb, mb or gb in any case (factors of 1024). Negative values are accepted
/// and mean what each key says.
[[nodiscard]] Result<std::int64_t> parse_byte_size(std::string_view text);

/// Octal digits with optional sign and 0o prefix, for modes and masks. A negative number wraps, as
/// it does when the reference hands it to the system.
[[nodiscard]] Result<mode_t> parse_octal(std::string_view text);

/// Comma-separated integers 0-255; empty text gives an empty list.
[[nodiscard]] Result<std::vector<int>> parse_exit_codes(std::string_view text);

/// Signal name or number, with the reference's messages around sv::parse_signal.
[[nodiscard]] Result<int> parse_signal_value(std::string_view text);

}  // namespace sv
