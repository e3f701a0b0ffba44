#pragma once

#include <string_view>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// Namespace system (supervisor-protocol, 1.10).
namespace sv::rpc {

[[nodiscard]] wire::XmlRpcReply list_methods(Services& services);
[[nodiscard]] wire::XmlRpcReply get_method_help(Services& services, std::string_view name);
[[nodiscard]] wire::XmlRpcReply get_method_signature(Services& services, std::string_view name);

/// Runs calls in sequence. Results are bare values, faults are structs: what clients of the
/// reference are used to.
[[nodiscard]] Outcome multicall(Services& services, const wire::XmlRpcValue& calls);

}  // namespace sv::rpc
