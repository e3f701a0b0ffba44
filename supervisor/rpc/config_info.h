#pragma once

#include "config/model.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// What clients are told about the configuration (supervisor-protocol, 1.9.2).
namespace sv::rpc {

/// The struct of getAllConfigInfo for one configured process; members in wire order. An automatic
/// log is shown with its path while its group is active, otherwise as "auto".
[[nodiscard]] wire::XmlRpcStruct config_info(const Host& host, const config::GroupConfig& group,
                                             const config::ProcessConfig& process);

/// Every process of the latest configuration, sorted by process name; equal names in group order.
[[nodiscard]] wire::XmlRpcReply get_all_config_info(Services& services);

}  // namespace sv::rpc
