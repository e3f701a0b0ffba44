#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// The shell's history between sessions: plain lines, oldest first, as readline writes them.
namespace sv::ctl {

inline constexpr std::size_t kMaxHistoryLines = 1000;
inline constexpr std::size_t kMaxHistoryBytes = 1024UL * 1024;

/// The newest lines of the file; empty when it cannot be read. History is never worth an error.
[[nodiscard]] std::vector<std::string> load_history(const std::string& path);

/// Replaces the file, readable by its owner only (lines may hold what others must not see).
void save_history(const std::string& path, const std::vector<std::string>& lines);

}  // namespace sv::ctl
