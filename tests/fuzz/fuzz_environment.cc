// What a list meant survives being written in canonical form and read again; keys are unique.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "config/environment.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto environment = sv::config::parse_environment(text);
  if (!environment) {
    require(!environment.error().message.empty());
    return 0;
  }
  std::string canonical;
  std::set<std::string_view> keys;
  for (const auto& [key, value] : *environment) {
    require(keys.insert(key).second);
    canonical += quoted(key) + "=" + quoted(value) + ",";
  }
  require(sv::config::parse_environment(canonical) == environment);
  require(sv::config::merged({}, *environment) == *environment);
  require(sv::config::merged(*environment, *environment) == *environment);
  return 0;
}
