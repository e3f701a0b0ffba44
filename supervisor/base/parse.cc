#include "base/parse.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>

#include "base/signals.h"
#include "base/text.h"
#include "base/unicode.h"

namespace sv {
namespace {

enum class Shape { not_a_number, too_large, fits };

struct ScannedInteger {
  Shape shape = Shape::not_a_number;
  std::int64_t value = 0;
};

int digit_value(char c) {
  return c >= '0' && c <= '9' ? c - '0' : -1;
}

/// Digits with single underscores between them, into a negative number, which has the larger
/// range. from_chars knows neither underscores nor how to tell "too large" from what follows.
ScannedInteger scan_digits(std::string_view digits, int base, bool negative) {
  std::int64_t value = 0;
  bool overflow = false;
  bool after_digit = false;
  for (const char c : digits) {
    if (c == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    const int digit = digit_value(c);
    if (digit < 0 || digit >= base) {
      return {};
    }
    after_digit = true;
    overflow = overflow || __builtin_mul_overflow(value, base, &value) ||
               __builtin_sub_overflow(value, digit, &value);
  }
  if (!after_digit) {
    return {};
  }
  if (overflow || (!negative && value == std::numeric_limits<std::int64_t>::min())) {
    return {Shape::too_large, 0};
  }
  return {Shape::fits, negative ? value : -value};
}

/// What Python's int(text, base) accepts for bases 8 and 10.
ScannedInteger scan_integer(std::string_view text, int base) {
  text = trim_unicode(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (base == 8 && (text.starts_with("0o") || text.starts_with("0O"))) {
    text.remove_prefix(2);
    if (text.starts_with('_')) {  // int("0o_22", 8) is fine
      text.remove_prefix(1);
    }
  }
  return scan_digits(text, base, negative);
}

tl::unexpected<Error> too_large(std::string_view text) {
  return fail(ErrorCode::limit_exceeded, cat({"cannot use ", python_repr(text), ": too large"}));
}

}  // namespace

Result<std::int64_t> parse_integer(std::string_view text) {
  const ScannedInteger scanned = scan_integer(text, 10);
  switch (scanned.shape) {
    case Shape::fits:
      return scanned.value;
    case Shape::too_large:
      return too_large(text);
    case Shape::not_a_number:
      break;
  }
  return fail(ErrorCode::invalid_argument,
              "invalid literal for int() with base 10: " + python_repr(text));
}

Result<bool> parse_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 4> kTrue{"yes", "true", "on", "1"};
  constexpr std::array<std::string_view, 4> kFalse{"no", "false", "off", "0"};
  const std::string lowered = ascii_lower(text);
  if (std::ranges::find(kTrue, lowered) != kTrue.end()) {
    return true;
  }
  if (std::ranges::find(kFalse, lowered) != kFalse.end()) {
    return false;
  }
  return fail(ErrorCode::invalid_argument, "not a valid boolean value: " + python_repr(text));
}

Result<std::int64_t> parse_byte_size(std::string_view text) {
  struct Suffix {
    std::string_view name;
    std::int64_t factor;
  };
  constexpr std::array<Suffix, 3> kSuffixes{{
      {"kb", 1024},
      {"mb", 1024 * 1024},
      {"gb", 1024 * 1024 * 1024},
  }};
  const std::string lowered = unicode_lower(text);  // the reference reports the lowered text
  std::string_view number = lowered;
  std::int64_t factor = 1;
  for (const Suffix& suffix : kSuffixes) {
    if (number.ends_with(suffix.name)) {
      number.remove_suffix(suffix.name.size());
      factor = suffix.factor;
      break;
    }
  }
  const Result<std::int64_t> units = parse_integer(number);
  if (!units) {
    return units;
  }
  std::int64_t bytes = 0;
  if (__builtin_mul_overflow(*units, factor, &bytes)) {
    return too_large(text);
  }
  return bytes;
}

Result<mode_t> parse_octal(std::string_view text) {
  const ScannedInteger scanned = scan_integer(text, 8);
  constexpr std::int64_t kLimit = std::numeric_limits<mode_t>::max();
  if (scanned.shape != Shape::fits || scanned.value > kLimit || scanned.value < -kLimit) {
    return fail(ErrorCode::invalid_argument, cat({text, " can not be converted to an octal type"}));
  }
  return static_cast<mode_t>(scanned.value);
}

Result<std::vector<int>> parse_exit_codes(std::string_view text) {
  constexpr std::int64_t kLargest = 255;
  std::vector<int> codes;
  if (text.empty()) {
    return codes;
  }
  for (const std::string_view piece : split(text, ',')) {
    const ScannedInteger scanned = scan_integer(piece, 10);
    if (scanned.shape != Shape::fits || scanned.value < 0 || scanned.value > kLargest) {
      return fail(ErrorCode::invalid_argument,
                  "not a valid list of exit codes: " + python_repr(text));
    }
    codes.push_back(static_cast<int>(scanned.value));
  }
  return codes;
}

Result<int> parse_signal_value(std::string_view text) {
  const ScannedInteger scanned = scan_integer(text, 10);
  const bool is_number = scanned.shape != Shape::not_a_number;
  std::optional<int> signal;
  if (scanned.shape == Shape::fits) {
    signal = parse_signal(std::to_string(scanned.value));  // "+15" and "1_5" are numbers too
  } else if (!is_number) {
    signal = parse_signal(text);
  }
  if (!signal) {
    return fail(ErrorCode::invalid_argument,
                cat({"value ", python_repr(text), " is not a valid signal ",
                     is_number ? "number" : "name"}));
  }
  return *signal;
}

}  // namespace sv
