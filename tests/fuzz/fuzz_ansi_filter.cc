// Input: the first byte seeds the split points, the rest is a channel's output.
// Properties: the result does not depend on the splits, never grows, and without an ESC is the
// input.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/ansi_filter.h"

namespace {

std::string strip(std::string_view text, std::size_t step) {
  sv::core::AnsiFilter filter;
  std::string out;
  std::vector<std::string_view> spans;
  const auto collect = [&] {
    for (const std::string_view span : spans) {
      out += span;
    }
    spans.clear();
  };
  while (!text.empty()) {
    const std::string_view chunk = text.substr(0, step);
    text.remove_prefix(chunk.size());
    filter.feed(chunk, spans);
    collect();
    step = step * 7 % 61 + 1;
  }
  filter.finish(spans);
  collect();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = strip(text, text.size() + 1);
  const bool untouched = text.find('\x1b') == std::string_view::npos;
  if (whole != strip(text, data[0] % 61U + 1U) || whole.size() > text.size() ||
      (untouched && whole != text)) {
    std::abort();
  }
  return 0;
}
