#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/supervisor.h"
#include "rpc/pending.h"
#include "rpc/services.h"

/// Methods that do one thing to many processes and answer with one status struct for each
/// (supervisor-protocol, 1.9.3).
namespace sv::rpc {

/// Members by ascending priority, equal ones in the configured order; group after group.
[[nodiscard]] std::vector<const core::Process*> in_start_order(
    const std::vector<const core::Group*>& groups);

/// The same over all groups, these by ascending priority and name.
[[nodiscard]] std::vector<const core::Process*> all_in_start_order(
    const core::Supervisor& supervisor);

/// What is done to one process; `name` is its namespec.
using Operation = std::function<Outcome(const core::Process& process, const std::string& name)>;

/// Applies `operation` to all of them at once. The answer is complete when every one is answered:
/// first those that were answered immediately, then the others as they complete. Faults become
/// entries, never the answer.
[[nodiscard]] Outcome for_each(const std::vector<const core::Process*>& processes,
                               const Operation& operation);

}  // namespace sv::rpc
