#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "os/cgroup.h"

namespace sv::os {

/// How often the kernel killed for want of memory. Any such kill counts, also one for want of the
/// whole machine's memory; reaching a limit without a kill does not.
///
/// Two readings can be compared only if they have the same `opened`.
struct MemoryCounters {
  std::uint64_t kills = 0;  ///< version 2: in the container, or our group and those below
  std::optional<std::uint64_t> local_kills;  ///< version 2: in our group alone
  /// Version 2: groups that were killed as a whole (memory.oom.group). Of each the process whose
  /// want it was is twice in `kills`: by itself, and with the group.
  std::optional<std::uint64_t> group_kills;
  std::uint64_t opened = 0;  ///< rises when the numbers come from another file

  friend bool operator==(const MemoryCounters&, const MemoryCounters&) = default;
};

/// Bytes; nullopt: no limit, or not to be found out.
struct MemoryLevels {
  std::optional<std::uint64_t> limit;
  std::optional<std::uint64_t> usage;
  std::optional<std::uint64_t> peak;
};

/// The kernel's counters of the control group that accounts our memory (init-and-images, 2.12):
/// version 1 `memory.oom_control`, version 2 `memory.events` and `memory.events.local`.
///
/// The files stay open, so that a reading needs neither a descriptor nor memory of ours. They are
/// looked for again when reading fails (the group is gone), when this process was moved to another
/// group, and as long as there are none: control groups may be mounted later than we start.
///
/// Version 2 counts for all groups of the container where it shows which they are. On a machine it
/// is our own group; if that does not account memory, the nearest one above that does. Version 1
/// counts for each group apart, and only ours is read.
///
/// Without /proc, control groups or such files nothing is known. Not thread-safe.
class MemoryAccount {
 public:
  /// Opens what there is below `proc`, normally /proc.
  explicit MemoryAccount(std::string proc = "/proc");

  /// The numbers now; nullopt: they cannot be read.
  [[nodiscard]] std::optional<MemoryCounters> counters();

  /// Of the group whose counters were read last. Opens files.
  [[nodiscard]] MemoryLevels levels() const;

  /// Of control groups: 1, 2, or 0 when there are no counters.
  [[nodiscard]] int version() const;

  /// The file `kills` is from: "memory.oom_control", "memory.events" or "".
  [[nodiscard]] std::string_view source() const;

  /// Version 2: the file that inotify tells changes of, also where it is mounted read-only.
  [[nodiscard]] std::optional<std::string> events_file() const;

  /// Where pressure stall information may be, the nearest first: memory.pressure of the group that
  /// counts, of our own, the machine's. Whether they are there, and let us set a trigger, shows
  /// when that is tried (os/memory_pressure.h).
  [[nodiscard]] std::vector<std::string> pressure_files() const;

 private:
  void open_files();
  void open_in(const CgroupPlace& own);
  [[nodiscard]] bool was_moved() const;
  [[nodiscard]] std::optional<MemoryCounters> read_counters() const;

  std::string proc_;
  UniqueFd membership_;               ///< /proc/self/cgroup
  std::string membership_text_;       ///< its beginning when the files below were opened
  std::optional<CgroupPlace> place_;  ///< the group whose counter is open
  std::string unified_;               ///< our own group's directory of version 2, or empty
  UniqueFd events_;
  std::optional<std::pair<dev_t, ino_t>> counted_in_;  ///< which file that is
  UniqueFd local_events_;
  std::uint64_t opened_ = 0;
};

}  // namespace sv::os
