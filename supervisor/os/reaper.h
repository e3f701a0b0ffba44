#pragma once

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "base/wait_status.h"

namespace sv::os {

struct Reaped {
  pid_t pid = 0;
  WaitStatus status;
};

/// Collects children that have ended, ours or adopted, at most `max` of them. Never blocks. When
/// it returns `max` entries there may be more: call again after other work had its turn.
/// Nobody else in the program waits for children.
[[nodiscard]] std::vector<Reaped> drain_exited(std::size_t max);

/// Whether there is a child, running or ended, ours or adopted.
[[nodiscard]] bool has_children() noexcept;

}  // namespace sv::os
