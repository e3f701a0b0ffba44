#pragma once

#include <string_view>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// Input for programs and event listeners (supervisor-protocol, 1.9.7).
namespace sv::rpc {

/// `chars` must be a string, which is judged before the name. True also when the program's pipe is
/// full: the rest is written as it drains.
[[nodiscard]] wire::XmlRpcReply send_process_stdin(Services& services, std::string_view name,
                                                   const wire::XmlRpcValue& chars);

/// Any values; they are converted to text.
[[nodiscard]] wire::XmlRpcReply send_remote_comm_event(Services& services,
                                                       const wire::XmlRpcValue& type,
                                                       const wire::XmlRpcValue& data);

}  // namespace sv::rpc
