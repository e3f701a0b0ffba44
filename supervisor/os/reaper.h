#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "base/wait_status.h"

namespace sv::os {

struct Reaped {
  pid_t pid = 0;
  WaitStatus status;
  pid_t group = 0;    ///< the process group it died in
  pid_t session = 0;  ///< and the session; both tell whose descendant an orphan was
  Duration user_time{};
  Duration system_time{};  ///< times and memory: of itself and the children it waited for
  std::uint64_t max_memory_bytes = 0;
};

/// Collects children that have ended, ours or adopted, at most `max` of them. Never blocks. When
/// it returns `max` entries there may be more: call again after other work had its turn.
/// Nobody else in the program waits for children.
[[nodiscard]] std::vector<Reaped> drain_exited(std::size_t max);

/// Whether there is a child, running or ended, ours or adopted.
[[nodiscard]] bool has_children() noexcept;

}  // namespace sv::os
