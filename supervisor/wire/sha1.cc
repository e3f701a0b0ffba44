#include "wire/sha1.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sv::wire {
namespace {

constexpr std::size_t kBlockBytes = 64;
using Digest = std::array<std::uint32_t, 5>;

std::uint32_t big_endian_word(std::string_view four_bytes) {
  std::uint32_t word = 0;
  for (const char c : four_bytes) {
    word = word << 8 | static_cast<unsigned char>(c);
  }
  return word;
}

/// The function and constant of one round (FIPS 180-4, 4.1.1 and 4.2.1).
std::uint32_t mix(std::size_t round, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  switch (round / 20) {
    case 0:
      return ((b & c) | (~b & d)) + 0x5A827999U;
    case 1:
      return (b ^ c ^ d) + 0x6ED9EBA1U;
    case 2:
      return ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDCU;
    default:
      return (b ^ c ^ d) + 0xCA62C1D6U;
  }
}

void add_block(Digest& digest, std::string_view block) {
  std::array<std::uint32_t, 80> schedule{};
  for (std::size_t i = 0; i < 16; ++i) {
    schedule[i] = big_endian_word(block.substr(i * 4, 4));
  }
  for (std::size_t i = 16; i < schedule.size(); ++i) {
    schedule[i] =
        std::rotl(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
  }
  auto [a, b, c, d, e] = digest;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    const std::uint32_t next = std::rotl(a, 5) + mix(i, b, c, d) + e + schedule[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  digest = {digest[0] + a, digest[1] + b, digest[2] + c, digest[3] + d, digest[4] + e};
}

/// The end of the message: a one bit, zeros, and the length in bits as 64 bits.
std::string padding(std::size_t message_bytes) {
  std::string out(1, '\x80');
  while ((message_bytes + out.size()) % kBlockBytes != kBlockBytes - 8) {
    out += '\0';
  }
  const std::uint64_t bits = std::uint64_t{message_bytes} * 8;
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(bits >> shift & 0xFF);
  }
  return out;
}

}  // namespace

std::string sha1_hex(std::string_view bytes) {
  Digest digest{0x67452301U, 0xEFCDAB89U, 0x98BADCFEU, 0x10325476U, 0xC3D2E1F0U};
  const std::size_t whole = bytes.size() - bytes.size() % kBlockBytes;
  for (std::size_t at = 0; at < whole; at += kBlockBytes) {
    add_block(digest, bytes.substr(at, kBlockBytes));
  }
  const std::string rest = std::string(bytes.substr(whole)) + padding(bytes.size());
  for (std::size_t at = 0; at < rest.size(); at += kBlockBytes) {
    add_block(digest, std::string_view(rest).substr(at, kBlockBytes));
  }
  std::string hex;
  for (const std::uint32_t word : digest) {
    for (int shift = 28; shift >= 0; shift -= 4) {
      hex += "0123456789abcdef"[word >> shift & 0xF];
    }
  }
  return hex;
}

}  // namespace sv::wire
