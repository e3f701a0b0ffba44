#pragma once

#include <optional>
#include <vector>

#include "core/supervisor.h"
#include "rpc/host.h"
#include "web/answer.h"
#include "web/json.h"

/// What is told about programs and the daemon (docs/api.md, "Objects").
namespace sv::web {

/// The state of one program, without what it uses.
[[nodiscard]] Json program_json(const rpc::Host& host, const core::Process& process, Now now);

/// The same with the settings it runs under; never its environment, which holds secrets.
[[nodiscard]] Json program_details(const rpc::Host& host, const core::Process& process, Now now);

/// All programs, sorted by group and name.
[[nodiscard]] Json all_programs(const rpc::Host& host, Now now);

/// The daemon itself, as it looks to somebody with that permission.
[[nodiscard]] Json daemon_json(const rpc::Host& host, WallTime started, Permission permission);

/// null when it is not known.
[[nodiscard]] Json usage_json(const std::optional<ResourceUsage>& usage);

/// Usage of programs, in their order; unset for those that do not run.
[[nodiscard]] std::vector<std::optional<ResourceUsage>> usage_of(
    const rpc::Host& host, const std::vector<const core::Process*>& processes);

}  // namespace sv::web
