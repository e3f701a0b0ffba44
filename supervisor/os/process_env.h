#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "os/user_db.h"

/// What the daemon does to itself at start.
namespace sv::os {

/// Adopts orphaned descendants when we are not process 1. Harmless when we are.
Result<void> become_subreaper();

/// Raises soft (and hard, where permitted) limits to a minimum; never lowers. Returns whether the
/// soft limit was raised. Which: RLIMIT_NOFILE or RLIMIT_NPROC.
[[nodiscard]] Result<bool> raise_limit(int which, std::uint64_t minimum);

/// Drops to `user` for good: groups, gid, uid, all three ids of each, and verifies that there is
/// no way back.
Result<void> drop_privileges(const User& user);

/// Points descriptor 0 at /dev/null; keeps going without one (reported).
Result<void> detach_stdin();

/// Makes sure descriptors 0, 1 and 2 are open, so that later ones cannot take their place.
void reserve_standard_descriptors() noexcept;

}  // namespace sv::os
