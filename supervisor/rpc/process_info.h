#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/supervisor.h"
#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// What clients are told about a process (supervisor-protocol, 1.9.1).
namespace sv::rpc {

/// "0:00:05", "1 day, 1:01:01"; negative durations are printed as zero.
[[nodiscard]] std::string format_uptime(std::int64_t seconds);

/// The human half of a status line, by state: pid and uptime, the last error, or when it stopped.
[[nodiscard]] std::string describe(const core::Process& process, WallTime now);

/// The struct of getProcessInfo; members in wire order.
[[nodiscard]] wire::XmlRpcStruct process_info(const Host& host, const core::Process& process,
                                              WallTime now);

/// All active processes, sorted by group name, then process name, as bytes.
[[nodiscard]] std::vector<const core::Process*> sorted_by_name(const core::Supervisor& supervisor);

// Methods

[[nodiscard]] wire::XmlRpcReply get_process_info(Services& services, std::string_view name);
[[nodiscard]] wire::XmlRpcReply get_all_process_info(Services& services);

}  // namespace sv::rpc
