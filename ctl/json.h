#pragma once

#include <string>

#include "wire/xmlrpc_value.h"

/// JSON for scripts. The data model is XML-RPC's, so that members have the names docs/rpc.md
/// documents. Pure; json.cc is the only file that knows the library.
namespace sv::ctl {

/// `value` as a document of several lines with a final line feed. Members keep their order; what
/// is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(const wire::XmlRpcValue& value);

}  // namespace sv::ctl
