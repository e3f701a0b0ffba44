#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace sv::vm {

inline constexpr std::size_t kMiB = std::size_t{1} << 20;

/// So much of this process's memory is real from here on. Ends it with 3 where the system gives no
/// more, instead of killing it.
inline void take(std::size_t mebibytes) {
  for (std::size_t i = 0; i < mebibytes; ++i) {
    void* const memory =
        ::mmap(nullptr, kMiB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      std::_Exit(3);
    }
    std::memset(memory, 1, kMiB);
  }
}

}  // namespace sv::vm
