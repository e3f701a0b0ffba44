#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace sv::os {

/// The text of a file of /proc or /sys, whose size nobody tells beforehand; at most `limit` bytes.
/// nullopt: it cannot be opened or read.
[[nodiscard]] std::optional<std::string> read_proc_file(const std::string& path, std::size_t limit);

}  // namespace sv::os
