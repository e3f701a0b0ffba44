// Input: a status and what a program wrote last. Properties: what is recognised stands in the
// output, an expected end is never accused, and what was written long before changes nothing.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/wait_status.h"
#include "navi/runtime_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const int code = data[0];
  const std::string_view words(reinterpret_cast<const char*>(data + 1), size - 1);
  for (const sv::WaitStatus status :
       {sv::WaitStatus::from_exit(code), sv::WaitStatus::from_signal(1 + code % 64)}) {
    const auto found = sv::navi::recognise(words, status);
    if (found && (words.find(found->pattern) == std::string_view::npos || found->runtime.empty())) {
      std::abort();
    }
    const std::string long_before(sv::navi::kLastWordsBytes, '\n');
    const auto again = sv::navi::recognise(long_before + std::string(words), status);
    if (words.size() <= sv::navi::kLastWordsBytes && found.has_value() != again.has_value()) {
      std::abort();
    }
  }
  if (sv::navi::recognise(words, sv::WaitStatus::from_exit(0))) {
    std::abort();
  }
  return 0;
}
