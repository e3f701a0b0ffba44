#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Who descends from whom, from /proc. Read when somebody asks, never kept: pids are used again.
namespace sv::os {

/// One process at the moment /proc was read.
struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;  ///< process group
  pid_t session = 0;
  std::string name;               ///< as the kernel has it, 15 bytes at most; may hold anything
  std::uint64_t start_ticks = 0;  ///< since the system's start; with the pid: this very process

  friend bool operator==(const ProcessEntry&, const ProcessEntry&) = default;
};

/// The text of /proc/<pid>/stat. nullopt: it is no such line.
[[nodiscard]] std::optional<ProcessEntry> parse_process_entry(std::string_view text);

/// Every process of our PID namespace that `proc` shows, in its order. One small file is read per
/// process; those that end meanwhile are left out. Empty where it is not mounted.
[[nodiscard]] std::vector<ProcessEntry> all_processes(const std::string& proc = "/proc");

/// Those of `all` that descend from `root` (not itself), parents before children.
[[nodiscard]] std::vector<ProcessEntry> descendants_of(pid_t root,
                                                       const std::vector<ProcessEntry>& all);

}  // namespace sv::os
