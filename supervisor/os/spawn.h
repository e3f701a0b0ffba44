#pragma once

#include <sys/types.h>

#include <string>
#include <tl/expected.hpp>

#include "os/child_plan.h"

namespace sv::os {

/// Creates a child with clone(CLONE_VM|CLONE_VFORK) on a private stack and executes the plan.
/// The caller is suspended until the child has executed or failed, so a failure of any step comes
/// back here, synchronously, as {step, errno}; a child that failed has already been reaped.
/// Nobody else in the program creates processes.
[[nodiscard]] tl::expected<pid_t, SpawnError> spawn(const ChildPlan& plan);

/// The failure for people: "couldn't exec /srv/run: ENOENT", "couldn't setuid to 441: EINVAL",
/// "couldn't chdir to /srv: ENOENT" (wording of supervisor-config, 13.3). For SpawnStep::clone the
/// caller has its own words (13.2).
[[nodiscard]] std::string describe(const SpawnError& error, const ChildPlan& plan);

}  // namespace sv::os
