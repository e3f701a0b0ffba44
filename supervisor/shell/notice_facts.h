#pragma once

#include "base/time.h"
#include "core/supervisor.h"
#include "navi/notice.h"

/// What a notice says of a process and of where it ran.
namespace sv::shell {

/// `change` is the one that is told of, and has just happened.
[[nodiscard]] navi::ProcessFacts process_facts(const core::Process& process,
                                               const core::StateChange& change, Now now);

[[nodiscard]] navi::ContainerFacts this_container();

}  // namespace sv::shell
