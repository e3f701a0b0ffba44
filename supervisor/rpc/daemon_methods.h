#pragma once

#include <string_view>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// Methods about the daemon itself and its groups (supervisor-protocol, 1.9, 1.9.8 and 1.9.9).
namespace sv::rpc {

/// The version of the interface; clients refuse any other.
inline constexpr std::string_view kApiVersion = "3.0";

[[nodiscard]] wire::XmlRpcReply get_api_version(Services& services);
[[nodiscard]] wire::XmlRpcReply get_supervisor_version(Services& services);
/// Of the configuration the daemon was started with: a reread does not rename it.
[[nodiscard]] wire::XmlRpcReply get_identification(Services& services);
[[nodiscard]] wire::XmlRpcReply get_state(Services& services);
[[nodiscard]] wire::XmlRpcReply get_pid(Services& services);
[[nodiscard]] wire::XmlRpcReply shut_down(Services& services);
[[nodiscard]] wire::XmlRpcReply restart(Services& services);

[[nodiscard]] wire::XmlRpcReply reload_config(Services& services);
[[nodiscard]] wire::XmlRpcReply add_process_group(Services& services, std::string_view name);
[[nodiscard]] wire::XmlRpcReply remove_process_group(Services& services, std::string_view name);

}  // namespace sv::rpc
