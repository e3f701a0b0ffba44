#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/resource_usage.h"

/// CPU time and memory of processes, from /proc. Read when somebody asks, never kept.
namespace sv::os {

/// One line of /proc/<pid>/stat, as far as it matters here.
struct ProcessSample {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;  ///< process group
  ResourceUsage usage;

  friend bool operator==(const ProcessSample&, const ProcessSample&) = default;
};

/// How the kernel counts: ticks per second and bytes per page.
struct KernelUnits {
  long ticks_per_second = 100;
  long page_bytes = 4096;
};

/// nullopt for text that is no such line. A name may hold anything, brackets and spaces included.
[[nodiscard]] std::optional<ProcessSample> parse_stat(std::string_view text,
                                                      const KernelUnits& units);

/// Sums per root, in the order of `roots`: the process itself, its descendants, and orphans that
/// stayed in its process group. nullopt where the root is not among the samples, or no pid (0).
[[nodiscard]] std::vector<std::optional<ResourceUsage>> sum_by_root(
    std::span<const ProcessSample> samples, std::span<const pid_t> roots);

/// The same for this moment. One small file is read per process of our PID namespace; processes
/// that end meanwhile are left out. Without /proc nothing is known of anybody.
[[nodiscard]] std::vector<std::optional<ResourceUsage>> usage_of(std::span<const pid_t> roots);

}  // namespace sv::os
