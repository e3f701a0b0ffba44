#include "wire/base64.h"

#include <cstddef>
#include <cstdint>

namespace sv::wire {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// 0-63, or -1 for a character outside of the alphabet.
int digit_value(char c) {
  if (c >= 'A' && c <= 'Z') {
    return c - 'A';
  }
  if (c >= 'a' && c <= 'z') {
    return c - 'a' + 26;
  }
  if (c >= '0' && c <= '9') {
    return c - '0' + 52;
  }
  if (c == '+') {
    return 62;
  }
  return c == '/' ? 63 : -1;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  while (!bytes.empty()) {
    const std::string_view group = bytes.substr(0, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8 | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= group.size() ? kAlphabet[bits >> (18 - 6 * i) & 0x3F] : '=';
    }
    bytes.remove_prefix(group.size());
  }
  return out;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int digits = 0;  // of the current group of four
  int pads = 0;
  for (const char c : text) {
    if (c == '=') {
      ++pads;
      if (digits >= 2 && digits + pads >= 4) {
        return out;
      }
      continue;
    }
    const int value = digit_value(c);
    if (value < 0) {
      continue;
    }
    pads = 0;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    digits = (digits + 1) % 4;
    if (digits != 1) {
      const int unused_bits = digits == 0 ? 0 : 6 - 2 * (digits - 1);
      out += static_cast<char>(bits >> unused_bits & 0xFF);
    }
  }
  if (digits != 0) {
    return std::nullopt;
  }
  return out;
}

}  // namespace sv::wire
