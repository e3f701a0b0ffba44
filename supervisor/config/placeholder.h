#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How one value of a template is printed: the part of Python's % operator that comes after the
/// value has been found. Private to config/expansion.
namespace sv::config {

/// What stands between a name and the text it becomes: flags, width, precision, conversion.
/// Width and precision count characters.
struct Placeholder {
  bool left = false;       ///< '-'
  bool plus = false;       ///< '+'
  bool blank = false;      ///< ' '
  bool alternate = false;  ///< '#'
  bool zero = false;       ///< '0'
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  char32_t conversion = 0;
};

/// Conversions d i u o x X.
[[nodiscard]] std::string print_integer(std::int64_t value, const Placeholder& spec);

/// Conversions e E f F g G.
[[nodiscard]] std::string print_float(std::int64_t value, const Placeholder& spec);

/// Conversions s r a: `text` is what they made of the value.
[[nodiscard]] std::string print_text(std::string_view text, const Placeholder& spec);

/// Conversion c; the precision does not count.
[[nodiscard]] std::string print_character(std::string_view character, const Placeholder& spec);

/// Python's ascii(): repr() with everything beyond ASCII escaped.
[[nodiscard]] std::string ascii_repr(std::string_view text);

}  // namespace sv::config
