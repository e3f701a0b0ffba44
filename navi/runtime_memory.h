#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/wait_status.h"

/// Runtimes that ran out of memory by themselves: V8's heap limit, Java's OutOfMemoryError, PHP's
/// memory_limit, a failing malloc. The kernel counts no kill then; what is left is what the program
/// said last, together with how it ended (init-and-images, 2.12).
namespace sv::navi {

/// Both are constants of the table in runtime_memory.cc.
struct RuntimeMemory {
  std::string_view runtime;  ///< "v8", "java", "php", "python", "go", "c++", "rust", "perl", ...
  std::string_view pattern;  ///< the words that were recognised: "JavaScript heap out of memory"
};

/// So much of the end of the output is looked at. Less hides what stands before long traces: Go
/// writes 5 kB behind its last words already for a small program.
inline constexpr std::size_t kLastWordsBytes = std::size_t{16} * 1024;

/// `last_words` is the end of a program's output (both streams, or the one that has the words) and
/// `status` how it ended. The words must stand where the runtime writes them - at the beginning of
/// a line, followed by nothing but what it writes behind them - and the status must be one it ends
/// with then: a program that merely logs such words, or goes on after them, is not accused.
[[nodiscard]] std::optional<RuntimeMemory> recognise(std::string_view last_words,
                                                     WaitStatus status);

}  // namespace sv::navi
