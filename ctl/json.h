#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/xmlrpc_value.h"

/// JSON for scripts, and of the daemon. The data model is XML-RPC's, so that members have the names
/// docs/rpc.md documents. Pure; json.cc is the only file that knows the library.
namespace sv::ctl {

/// `value` as a document of several lines with a final line feed. Members keep their order; what
/// is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(const wire::XmlRpcValue& value);

/// A document as the same kind of value; nullopt for what is no JSON, or nests deeper than anything
/// a daemon has to say. Numbers beyond 64 bits become doubles.
[[nodiscard]] std::optional<wire::XmlRpcValue> read_json(std::string_view text);

}  // namespace sv::ctl
