#pragma once

#include <charconv>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace sv::os {

/// The text of a file of /proc or /sys, whose size nobody tells beforehand; at most `limit` bytes.
/// nullopt: it cannot be opened or read.
[[nodiscard]] std::optional<std::string> read_proc_file(const std::string& path, std::size_t limit);

/// Calls `take` with the text of `proc`/<pid>/stat of every process there, in the folder's order,
/// at most 1 KiB each. Processes that end meanwhile are left out; nothing happens where `proc` is
/// not mounted.
void for_each_process_stat(const std::string& proc,
                           const std::function<void(std::string_view text)>& take);

/// A decimal number as such files have them. nullopt: the text is not one number, or too large.
template <class T>
[[nodiscard]] std::optional<T> proc_number(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  return problem == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

}  // namespace sv::os
