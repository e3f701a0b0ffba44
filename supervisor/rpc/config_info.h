#pragma once

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// What clients are told about the configuration (supervisor-protocol, 1.9.2).
namespace sv::rpc {

/// Every process of the latest configuration, sorted by process name; equal names in group order.
/// Members in wire order. An automatic log is shown with its path while its group is active,
/// otherwise as "auto".
[[nodiscard]] wire::XmlRpcReply get_all_config_info(Services& services);

}  // namespace sv::rpc
