#pragma once

#include <string>

#include "wire/xmlrpc_value.h"

/// Values to XML, byte for byte in the reference's layout (supervisor-protocol, 1.1). Characters
/// XML 1.0 cannot hold become '?', invalid UTF-8 becomes U+FFFD: logs contain both.
namespace sv::wire {

[[nodiscard]] std::string write_call(const XmlRpcCall& call);
[[nodiscard]] std::string write_reply(const XmlRpcReply& reply);

}  // namespace sv::wire
