// Doubling every percent sign protects any text; and a template either expands within its bound or
// fails with a message that quotes it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "base/text.h"
#include "config/expansion.h"

namespace {

constexpr std::size_t kLongestResult = 4UL * 1024 * 1024;
constexpr std::size_t kLongestField = 80UL * 1024;  // how far one placeholder may overshoot

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

std::string with_doubled_percents(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += std::string(c == '%' ? 2 : 1, c);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sv::config::ExpansionNames names{
      {"a", "x"},
      {"n", 3},
      {"neg", std::numeric_limits<std::int64_t>::min()},
      {"here", "/etc/%(a)s"},
      {"ENV_X", "it's \"\xC3\xA9\xE2\x82\xAC\""},
  };
  const std::string text(data, data + size);
  const auto expanded = sv::config::expand(text, names, "program:cat.command");
  if (expanded) {
    require(expanded->size() <= kLongestResult + kLongestField + text.size());
    require(text.find('%') != std::string::npos || *expanded == text);
  } else {
    require(expanded.error().message.starts_with("Format string " + sv::python_repr(text)));
  }
  require(sv::config::expand(with_doubled_percents(text), names, "k") == text);
  return 0;
}
