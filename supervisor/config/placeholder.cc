#include "config/placeholder.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"

namespace sv::config {
namespace {

/// A number before padding: the prefix (sign, 0x) stands before filling zeros, after blanks.
struct Number {
  std::string prefix;
  std::string digits;
};

std::string sign_of(std::int64_t value, const Placeholder& spec) {
  return value < 0 ? "-" : spec.plus ? "+" : spec.blank ? " " : "";
}

/// The absolute value, also of the smallest integer.
std::uint64_t magnitude(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? 0 - bits : bits;
}

std::string digits_of(std::uint64_t value, std::uint64_t base, std::string_view alphabet) {
  std::string out;
  do {
    out += alphabet[value % base];
    value /= base;
  } while (value != 0);
  std::ranges::reverse(out);
  return out;
}

std::string padded(const Number& number, const Placeholder& spec) {
  const std::size_t length = number.prefix.size() + number.digits.size();
  const std::size_t missing = spec.width > length ? spec.width - length : 0;
  if (spec.left) {
    return cat({number.prefix, number.digits, std::string(missing, ' ')});
  }
  return spec.zero ? cat({number.prefix, std::string(missing, '0'), number.digits})
                   : cat({std::string(missing, ' '), number.prefix, number.digits});
}

/// Zeros never fill text.
std::string padded(std::string_view text, const Placeholder& spec) {
  const std::size_t length = utf8_length(text);
  const std::string fill(spec.width > length ? spec.width - length : 0, ' ');
  return spec.left ? cat({text, fill}) : cat({fill, text});
}

/// At most `count` characters from the start of `text`.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t bytes = 0;
  for (; count > 0 && bytes < text.size(); --count) {
    bytes += std::max<std::size_t>(first_code_point(text.substr(bytes)).length, 1);
  }
  return text.substr(0, bytes);
}

void append_escape(std::string& out, char32_t c) {
  std::array<char, 16> buffer{};
  const char* format = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
  const int length = std::snprintf(buffer.data(), buffer.size(), format, static_cast<unsigned>(c));
  out.append(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::string print_integer(std::int64_t value, const Placeholder& spec) {
  const char32_t kind = spec.conversion;
  const std::uint64_t base = kind == U'x' || kind == U'X' ? 16 : kind == U'o' ? 8 : 10;
  Number number{
      sign_of(value, spec),
      digits_of(magnitude(value), base, kind == U'X' ? "0123456789ABCDEF" : "0123456789abcdef")};
  if (const std::size_t least = spec.precision.value_or(0); least > number.digits.size()) {
    number.digits.insert(0, least - number.digits.size(), '0');
  }
  if (spec.alternate && base != 10) {
    number.prefix += {'0', static_cast<char>(kind)};
  }
  return padded(number, spec);
}

std::string print_float(std::int64_t value, const Placeholder& spec) {
  constexpr std::size_t kDefaultPrecision = 6;
  // printf has the same conversions; the program never leaves the C locale.
  const std::string format =
      cat({spec.alternate ? "%#.*" : "%.*", std::string(1, static_cast<char>(spec.conversion))});
  const auto precision = static_cast<int>(spec.precision.value_or(kDefaultPrecision));
  const auto absolute = static_cast<double>(magnitude(value));
  const int length = std::snprintf(nullptr, 0, format.c_str(), precision, absolute);
  std::string digits(static_cast<std::size_t>(std::max(length, 0)), '\0');
  std::snprintf(digits.data(), digits.size() + 1, format.c_str(), precision, absolute);
  return padded(Number{sign_of(value, spec), std::move(digits)}, spec);
}

std::string print_text(std::string_view text, const Placeholder& spec) {
  return padded(spec.precision ? first_characters(text, *spec.precision) : text, spec);
}

std::string print_character(std::string_view character, const Placeholder& spec) {
  return padded(character, spec);
}

std::string ascii_repr(std::string_view text) {
  const std::string quoted = python_repr(text);
  std::string out;
  for (std::string_view rest = quoted; !rest.empty();) {
    const CodePoint c = first_code_point(rest);
    if (c.length > 1) {
      append_escape(out, c.value);
    } else {
      out += rest.front();
    }
    rest.remove_prefix(std::max<std::size_t>(c.length, 1));
  }
  return out;
}

}  // namespace sv::config
