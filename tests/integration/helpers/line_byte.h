#pragma once

#include <cstddef>

namespace sv::test {

/// What stands at a place of the subject's endless line: a letter whose period is no power of two,
/// so that a piece that is lost, doubled or moved shows.
constexpr char line_byte(std::size_t at) {
  return static_cast<char>('a' + (at * 7 + at / 9973) % 26);
}

}  // namespace sv::test
