#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace sv {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

/// How many bytes a sequence that starts with `first` has; 0 for a byte that starts none.
std::size_t announced_length(unsigned char first) {
  if (first < 0x80) {
    return 1;
  }
  if (first < 0xC2 || first > 0xF4) {
    return 0;
  }
  return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

/// The second byte carries the rules against overlong forms, surrogates and too large values.
bool second_byte_fits(unsigned char first, unsigned char second) {
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

/// How many of the announced bytes are there and right; the first one counts.
std::size_t good_bytes(std::string_view bytes, std::size_t announced) {
  std::size_t good = 1;
  while (good < announced && good < bytes.size()) {
    const unsigned char next = byte_at(bytes, good);
    const bool fits = good == 1 ? second_byte_fits(byte_at(bytes, 0), next) : (next & 0xC0) == 0x80;
    if (!fits) {
      break;
    }
    ++good;
  }
  return good;
}

/// Beyond ASCII: a run of capitals and the distance to their small letters. Step 2: capitals and
/// small letters alternate.
struct CaseRange {
  char32_t first;
  char32_t last;
  char32_t step;
  std::int32_t distance;
};

constexpr std::array<CaseRange, 15> kCaseRanges{{
    {0xC0, 0xD6, 1, 32},
    {0xD8, 0xDE, 1, 32},
    {0x100, 0x12E, 2, 1},
    {0x132, 0x136, 2, 1},
    {0x139, 0x147, 2, 1},
    {0x14A, 0x176, 2, 1},
    {0x178, 0x178, 1, -121},
    {0x179, 0x17D, 2, 1},
    {0x386, 0x386, 1, 38},
    {0x388, 0x38A, 1, 37},
    {0x38C, 0x38C, 1, 64},
    {0x38E, 0x38F, 1, 63},
    {0x391, 0x3AB, 1, 32},
    {0x400, 0x40F, 1, 80},
    {0x410, 0x42F, 1, 32},
}};

char32_t lower(char32_t c) {
  if (c < 0x80) {  // nearly every character of a configuration
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  }
  for (const CaseRange& range : kCaseRanges) {
    if (c >= range.first && c <= range.last && (c - range.first) % range.step == 0) {
      return static_cast<char32_t>(static_cast<std::int32_t>(c) + range.distance);
    }
  }
  return c;
}

/// Neither white space nor part of a longer sequence.
bool is_printable_ascii(char c) {
  return c > ' ' && c < 0x7F;
}

/// How many bytes at the front are ASCII, eight at a time: nearly all of any configuration.
std::size_t ascii_prefix(std::string_view bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t length = 0;
  for (std::uint64_t word = 0; length + sizeof(word) <= bytes.size(); length += sizeof(word)) {
    std::memcpy(&word, bytes.data() + length, sizeof(word));
    if ((word & kHighBits) != 0) {
      break;
    }
  }
  while (length < bytes.size() && byte_at(bytes, length) < 0x80) {
    ++length;
  }
  return length;
}

std::string hex_byte(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {'0', 'x', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
}

Utf8Error describe_fault(std::string_view bytes, std::size_t position) {
  const std::string_view rest = bytes.substr(position);
  const std::size_t announced = announced_length(byte_at(rest, 0));
  const std::size_t bad = announced == 0 ? 1 : good_bytes(rest, announced);
  const std::string_view reason = announced == 0       ? "invalid start byte"
                                  : bad == rest.size() ? "unexpected end of data"
                                                       : "invalid continuation byte";
  const std::string start = std::to_string(position);
  const std::string where =
      bad == 1 ? cat({"byte ", hex_byte(byte_at(rest, 0)), " in position ", start})
               : cat({"bytes in position ", start, "-", std::to_string(position + bad - 1)});
  return {position, cat({"'utf-8' codec can't decode ", where, ": ", reason})};
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) {
    return {first, 1};
  }
  const std::size_t length = announced_length(first);
  if (length == 0 || good_bytes(text, length) != length) {
    return {};
  }
  constexpr std::array<unsigned char, 5> kFirstMask{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = first & kFirstMask[length];
  for (std::size_t i = 1; i < length; ++i) {
    value = (value << 6) | (byte_at(text, i) & 0x3FU);
  }
  return {value, length};
}

CodePoint last_code_point(std::string_view text) {
  constexpr std::size_t kLongest = 4;
  for (std::size_t length = 1; length <= std::min(kLongest, text.size()); ++length) {
    const CodePoint c = first_code_point(text.substr(text.size() - length));
    if (c.length == length) {
      return c;
    }
  }
  return {};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t bits) { out += static_cast<char>(bits); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

bool is_unicode_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

std::string_view trim_unicode_left(std::string_view text) {
  for (;;) {
    if (!text.empty() && is_printable_ascii(text.front())) {
      return text;
    }
    const CodePoint c = first_code_point(text);
    if (c.length == 0 || !is_unicode_space(c.value)) {
      return text;
    }
    text.remove_prefix(c.length);
  }
}

std::string_view trim_unicode_right(std::string_view text) {
  for (;;) {
    if (!text.empty() && is_printable_ascii(text.back())) {
      return text;
    }
    const CodePoint c = last_code_point(text);
    if (c.length == 0 || !is_unicode_space(c.value)) {
      return text;
    }
    text.remove_suffix(c.length);
  }
}

std::string_view trim_unicode(std::string_view text) {
  return trim_unicode_right(trim_unicode_left(text));
}

std::string unicode_lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const CodePoint c = first_code_point(text);
    if (c.length <= 1) {  // ASCII, or a byte that starts nothing
      out += c.length == 1 ? static_cast<char>(lower(c.value)) : text.front();
      text.remove_prefix(1);
    } else {
      append_utf8(out, lower(c.value));
      text.remove_prefix(c.length);
    }
  }
  return out;
}

std::optional<Utf8Error> find_utf8_error(std::string_view bytes) {
  std::size_t position = 0;
  for (;;) {
    position += ascii_prefix(bytes.substr(position));
    if (position == bytes.size()) {
      return std::nullopt;
    }
    const std::size_t length = first_code_point(bytes.substr(position)).length;
    if (length == 0) {
      return describe_fault(bytes, position);
    }
    position += length;
  }
}

}  // namespace sv
