#pragma once

#include <string>
#include <vector>

#include "config/model.h"

namespace sv::config {

/// Whether two definitions of one group differ by the reference's notion (supervisor-protocol,
/// 1.9.8: what is compared, and that AUTO on either side counts as equal).
[[nodiscard]] bool group_changed(const GroupConfig& active, const GroupConfig& fresh);

/// Compares the groups that are running with those of a freshly read configuration.
[[nodiscard]] GroupChanges diff_groups(const std::vector<const GroupConfig*>& active,
                                       const std::vector<GroupConfig>& fresh);

}  // namespace sv::config
