#pragma once

#include <string>
#include <string_view>

#include "core/supervisor.h"
#include "rpc/host.h"
#include "web/answer.h"

/// The data of server-sent events, one line of JSON each (docs/api.md, "Events").
namespace sv::web {

/// Everything as it is now. What an event tells is relative to it.
[[nodiscard]] std::string snapshot_event(const rpc::Host& host, WallTime daemon_started,
                                         Permission permission);
[[nodiscard]] std::string state_event(const rpc::Host& host, const core::Process& process,
                                      const core::StateChange& change);
[[nodiscard]] std::string group_added_event(const rpc::Host& host, std::string_view group);
[[nodiscard]] std::string group_removed_event(std::string_view group);
[[nodiscard]] std::string daemon_event(core::Mood mood);

/// An event on the wire. The data has no line ends.
[[nodiscard]] std::string event_frame(std::uint64_t id, std::string_view type,
                                      std::string_view data);

}  // namespace sv::web
