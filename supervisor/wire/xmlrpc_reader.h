#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "wire/xmlrpc_value.h"

/// XML to values; the only place that knows pugixml. Strict where the reference is strict
/// (supervisor-protocol, 1.2); refuses document types and deep nesting.
namespace sv::wire {

/// Nesting of values (arrays and structs); the reference's interface needs 4.
inline constexpr int kXmlRpcMaxDepth = 16;
/// A request body above this is refused by the HTTP layer (a hostile body costs 8-15 times its
/// size while it is parsed).
inline constexpr std::size_t kXmlRpcMaxRequestBytes = 1024UL * 1024;

/// invalid_argument: answer HTTP 400. The message is what the reference's log says after "is
/// invalid: ": "no method name", or "unmarshallable" with the reason in brackets.
[[nodiscard]] Result<XmlRpcCall> read_call(std::string_view xml);

/// For the client. invalid_argument when the text is not an XML-RPC response. Takes characters XML
/// forbids: the reference's server sends log text with escape sequences as it is.
[[nodiscard]] Result<XmlRpcReply> read_reply(std::string_view xml);

}  // namespace sv::wire
