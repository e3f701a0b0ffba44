// Input: the file a run leaves. Property: whatever it is, what is read of it is read again from
// what is written.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "shell/run_mark.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const sv::shell::RunMarkText mark = sv::shell::read_run_mark(text);
  if (sv::shell::read_run_mark(sv::shell::write_run_mark(mark)) != mark) {
    std::abort();
  }
  if (mark.started.size() + mark.host.size() + mark.process.size() > size) {
    std::abort();
  }
  return 0;
}
