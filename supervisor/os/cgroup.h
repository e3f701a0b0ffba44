#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Where this process's control groups are, as far as a container lets one see them: with and
/// without a cgroup namespace, v1, v2 and both side by side (init-and-images, 2.12).
namespace sv::os {

enum class CgroupVersion : std::uint8_t { none, v1, v2, hybrid };

/// One hierarchy that matters here: version 2's only one, or version 1's of one controller.
struct CgroupPlace {
  std::string directory;  ///< of our own group; below a mount
  bool is_v2 = false;
  bool mounted_read_only = false;
  std::string mount_point;  ///< `directory` is this or below
};

struct Cgroups {
  CgroupVersion version = CgroupVersion::none;
  std::optional<CgroupPlace> unified;  ///< version 2
  std::optional<CgroupPlace> memory;   ///< whichever accounts memory
  std::optional<CgroupPlace> pids;
  std::optional<CgroupPlace> cpu;
};

/// From the texts of /proc/self/cgroup and /proc/self/mountinfo. A group outside of what is mounted
/// (a "/.." path, another namespace) is taken to be the mount's root, which is what a container
/// sees of itself. Of several mounts of one hierarchy the last that shows our group is taken, as
/// the one mounted over the others. A controller that no version 1 line names is version 2's.
[[nodiscard]] Cgroups find_cgroups(std::string_view cgroup_text, std::string_view mountinfo_text);

/// The same for this process; nothing where /proc is not mounted.
[[nodiscard]] Cgroups own_cgroups(const std::string& proc = "/proc");

/// Limits of our group. nullopt: none, or not to be found out.
struct CgroupLimits {
  std::optional<std::uint64_t> memory_bytes;
  std::optional<std::uint64_t> processes;
  std::optional<double> cpus;
};
[[nodiscard]] CgroupLimits cgroup_limits(const Cgroups& groups);

}  // namespace sv::os
