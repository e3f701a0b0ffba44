// The words of a command survive being quoted and split again, whichever quotes are used.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/command_line.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

std::string in_double_quotes(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out + '"';
}

std::string in_single_quotes(std::string_view word) {
  std::string out = "'";
  for (const char c : word) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string command(data, data + size);
  const auto words = sv::config::split_command(command);
  if (!words) {
    require(words.error().message == "No closing quotation" ||
            words.error().message == "No escaped character");
    return 0;
  }
  std::string with_double;
  std::string with_single;
  for (const std::string& word : *words) {
    with_double += in_double_quotes(word) + '\n';
    with_single += in_single_quotes(word) + '\t';
  }
  require(sv::config::split_command(with_double) == words);
  require(sv::config::split_command(with_single) == words);
  return 0;
}
