#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/process_state.h"

/// The two pages as pure functions of what they show (supervisor-protocol, section 3). Links and
/// forms use the reference's addresses, and the table its columns and classes, so bookmarks and
/// scripts keep working. Where scripts run, assets/page.js replaces the table by a live one.
namespace sv::web {

struct StatusRow {
  std::string name;  ///< namespec
  core::ProcessState state = core::ProcessState::stopped;
  std::string description;
};

struct StatusSnapshot {
  std::string identifier;  ///< of the daemon
  std::string message;     ///< outcome of the last action; may be empty
  bool may_act = true;     ///< whether there are buttons
  std::vector<StatusRow> rows;
};

[[nodiscard]] std::string render_status_page(const StatusSnapshot& snapshot);

struct TailSnapshot {
  std::optional<std::string> name;  ///< as asked for; unset: not given
  std::string text;                 ///< the log's end, or why there is none
  std::int64_t limit = 0;           ///< bytes asked for when refreshing
};

[[nodiscard]] std::string render_tail_page(const TailSnapshot& snapshot);

}  // namespace sv::web
