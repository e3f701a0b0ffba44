#pragma once

#include "web/action.h"
#include "web/routes.h"

/// What stands behind the routes: one function each (docs/api.md).
namespace sv::web {

// read_handlers.cc

[[nodiscard]] Answer get_index(const Call& call);
[[nodiscard]] Answer get_daemon(const Call& call);
[[nodiscard]] Answer get_health(const Call& call);
[[nodiscard]] Answer get_programs(const Call& call);
[[nodiscard]] Answer get_program(const Call& call);
[[nodiscard]] Answer get_usage(const Call& call);
[[nodiscard]] Answer get_events(const Call& call);

// log_handlers.cc

[[nodiscard]] Answer get_program_log(const Call& call);
[[nodiscard]] Answer get_daemon_log(const Call& call);

// action_handlers.cc

/// Acts on what the path names.
[[nodiscard]] Answer act_on_name(const Call& call, Action action);
/// Acts on what the body lists.
[[nodiscard]] Answer act_on_list(const Call& call);

}  // namespace sv::web
