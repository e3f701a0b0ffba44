#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "os/cgroup.h"

namespace sv::os {

/// What a descriptor leads to.
enum class StreamKind : std::uint8_t { closed, null_device, terminal, pipe, socket, file, other };

struct ResourceLimit {
  std::optional<std::uint64_t> soft;  ///< nullopt: unlimited
  std::optional<std::uint64_t> hard;
};

/// What whoever made this container allows in it. Plain values, so that what follows from them can
/// be tested without the container.
struct ContainerFacts {
  pid_t pid = 0;
  bool proc_mounted = false;
  /// Process 1 as /proc shows it, when that is not us: a shared pid namespace, or a shell around
  /// us.
  std::string process_one;
  bool may_adopt = false;  ///< orphans can become our children although we are not process 1
  std::string kernel;

  uid_t uid = 0;
  gid_t gid = 0;
  std::optional<std::string> account;  ///< the name of uid; nullopt: no entry in /etc/passwd
  std::uint64_t capabilities = 0;      ///< effective, bit n is capability n
  bool no_new_privileges = false;

  bool root_read_only = false;
  StreamKind input = StreamKind::closed;
  StreamKind output = StreamKind::closed;
  StreamKind error = StreamKind::closed;

  ResourceLimit open_files;
  ResourceLimit processes;
  ResourceLimit core_bytes;
  std::uint32_t first_free_port = 1024;  ///< lowest port that needs no capability

  Cgroups cgroups;
  CgroupLimits limits;
  bool cgroup_writable = false;  ///< a group of our own can be made
  /// Why pressure on memory cannot be watched; nullopt: it can.
  std::optional<std::string> pressure_refused;
};

/// Looks at this process and its surroundings; changes nothing.
[[nodiscard]] ContainerFacts container_facts();

/// Capabilities by their number (linux/capability.h).
enum class Capability : std::uint8_t {
  chown = 0,
  dac_override = 1,
  kill = 5,
  setgid = 6,
  setuid = 7,
  net_bind_service = 10,
};
[[nodiscard]] bool has(const ContainerFacts& facts, Capability capability);

/// Why a file cannot be written there by this process as it is now: an errno value; 0: it can. A
/// file that does not exist needs a folder in which it can be made.
[[nodiscard]] int why_not_writable(const std::string& path);

}  // namespace sv::os
