#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/supervisor.h"

/// In which order an ending daemon takes its processes down (supervisor-config, 7 and 11.3). Pure
/// functions of the groups as they are: a plan that is computed again cannot be out of date.
namespace sv::core {

/// `groups` in start order.
using GroupList = std::vector<std::unique_ptr<Group>>;

/// The group whose turn it is: the last one that is not down. nullptr: everything is down.
[[nodiscard]] const Group* next_to_stop(const GroupList& groups);

/// Members in the order they are signalled: descending priority, ties in reverse start order.
[[nodiscard]] std::vector<Process*> stop_order(const Group& group);

/// Every process that holds up the end, in start order.
[[nodiscard]] std::vector<const Process*> unstopped(const GroupList& groups);

/// The groups that are stopped in one turn: `group` and those of its family and priority, which are
/// groups of their own only so that one can be changed without the others.
[[nodiscard]] std::vector<const Group*> stopped_together(const GroupList& groups,
                                                         const Group& group);

/// What each turn that is left may take of the time left, so that all of them fit in.
[[nodiscard]] Duration share_of_time(const GroupList& groups, Duration left);

/// "waiting for a, b to die".
[[nodiscard]] std::string waiting_line(const std::vector<const Process*>& processes);

}  // namespace sv::core
