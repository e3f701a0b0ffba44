#pragma once

#include <cstdint>

#include "base/time.h"

namespace sv {

/// What a program and all of its descendants have used and use. Pages shared by several of them
/// are counted for each.
struct ResourceUsage {
  Duration cpu{0};                 ///< user and system time of those that live
  std::uint64_t memory_bytes = 0;  ///< resident
  std::uint32_t processes = 0;

  friend bool operator==(const ResourceUsage&, const ResourceUsage&) = default;
};

}  // namespace sv
