#pragma once

#include <optional>
#include <string>

#include "config/model.h"
#include "core/shutdown_plan.h"

/// When the daemon ends because of its programs, and with which exit status (docs/exit-status.md).
/// Without on_exit=, on_fatal= and exit_on= it never does, like the reference product.
namespace sv::core {

/// Why the daemon ends on its own account.
struct EndReason {
  int status = 0;    ///< of the daemon: what the program ended with
  std::string text;  ///< one line for the log

  friend bool operator==(const EndReason&, const EndReason&) = default;
};

/// Looks at one change after it has been applied; `groups` as they are now. nullopt: it goes on.
/// A program that was stopped on request is no reason.
[[nodiscard]] std::optional<EndReason> reason_to_end(config::ExitOn rule, const GroupList& groups,
                                                     const Process& process,
                                                     const StateChange& change);

}  // namespace sv::core
