#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "os/user_db.h"

/// What the daemon does to itself at start.
namespace sv::os {

/// Adopts orphaned descendants when we are not process 1. Harmless when we are. Not inherited by
/// children.
Result<void> become_subreaper();

/// Whether become_subreaper() would work; changes nothing.
[[nodiscard]] bool may_become_subreaper() noexcept;

/// Raises soft (and hard, where permitted) limits to a minimum; never lowers. Returns whether the
/// soft limit was raised. Which: RLIMIT_NOFILE or RLIMIT_NPROC.
[[nodiscard]] Result<bool> raise_limit(int which, std::uint64_t minimum);

/// Drops to `user` for good: groups, gid, uid, all three ids of each, and verifies that there is
/// no way back.
Result<void> drop_privileges(const User& user);

/// Points descriptor 0 at /dev/null; keeps going without one (reported).
Result<void> detach_stdin();

/// Whether standard input is our controlling terminal.
[[nodiscard]] bool has_terminal() noexcept;

/// Makes our process group the terminal's foreground again. TTOU must be ignored.
void take_terminal_back() noexcept;

/// Makes sure descriptors 0, 1 and 2 are open, so that later ones cannot take their place.
void reserve_standard_descriptors() noexcept;

/// What whoever started us may have left behind, and what would kill or stop us, put right:
///
/// - PIPE (a child that closed its input) and XFSZ (a log at the file size limit) become errors of
///   the write instead of our end;
/// - TTIN and TTOU are ignored, so that a terminal handed to a program cannot stop us;
/// - CHLD is not ignored, which would make the kernel throw away exit statuses;
/// - no signal is blocked.
///
/// Children get default dispositions all the same (spawn()).
void settle_signals() noexcept;

}  // namespace sv::os
