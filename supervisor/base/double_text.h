#pragma once

#include <string>

namespace sv {

/// A double as Python's repr() writes it: the fewest digits that read back as the same number,
/// plain from 1e-4 up to 1e16 and always with a sign of not being an integer ("2.0", "1e+16",
/// "inf", "nan").
///
/// Made with the C library's printf and strtod: std::to_chars() for doubles brings 130 kB of
/// tables into a static binary, for a text that clients read a few times a day.
[[nodiscard]] std::string double_text(double value);

}  // namespace sv
