#include "os/host_file.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/text.h"
#include "os/fs.h"

namespace sv::os {
namespace {

constexpr std::uint64_t kMaxSize = std::uint64_t{4} * 1024 * 1024;  ///< generated lists are long

/// The next word of a line, taken off its front; empty at the end.
std::string_view take_word(std::string_view& line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = std::min(line.find_first_not_of(kBlank), line.size());
  line.remove_prefix(begin);
  const std::size_t length = std::min(line.find_first_of(kBlank), line.size());
  const std::string_view word = line.substr(0, length);
  line.remove_prefix(length);
  return word;
}

bool names(std::string_view line, std::string_view wanted) {
  for (std::string_view name = take_word(line); !name.empty(); name = take_word(line)) {
    if (ascii_lower(name) == wanted) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::vector<std::string> host_addresses(std::string_view name, const std::string& file) {
  std::vector<std::string> found;
  const auto text = read_file(file, 0, kMaxSize);
  if (!text) {
    return found;
  }
  const std::string wanted = ascii_lower(name);
  for (std::string_view line : split(*text, '\n')) {
    line = line.substr(0, line.find('#'));
    std::string address(take_word(line));
    if (names(line, wanted) && std::ranges::find(found, address) == found.end()) {
      found.push_back(std::move(address));
    }
  }
  return found;
}

}  // namespace sv::os
