#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ctl/log_text.h"
#include "ctl/session.h"

namespace sv::ctl {

/// One log among those that are followed.
struct FollowedLog {
  std::string target;  ///< of the request, percent-encoded
  std::string label;   ///< in front of every line; empty: text as it comes
  LogJoint joint = LogJoint({}, 0);
};

/// Prints what several logs grow by until Ctrl-C or until all streams have ended. Refusals are told
/// on stderr; the others go on.
void follow_logs(Session& session, std::vector<FollowedLog> logs);

/// "web     | " for names beside each other, one per name, coloured.
[[nodiscard]] std::vector<std::string> labels_for(const std::vector<std::string>& names,
                                                  const Palette& palette);

}  // namespace sv::ctl
