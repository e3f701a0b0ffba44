#pragma once

#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "base/log.h"
#include "rpc/fault.h"
#include "rpc/host.h"
#include "wire/xmlrpc_value.h"

namespace sv::rpc {

/// Which methods a caller sees: what the configuration offers ([rpcinterface:supervisor]), or all
/// of them (the status page, which does not depend on that section).
enum class Interfaces { configured, all };

/// What a caller may do, and what a method needs.
enum class Access { read_only, full };

/// What a method may use. A bundle of references to the daemon's parts, which outlive every call
/// and every reply that waits; copy it freely.
struct Services {
  Host& host;
  ActivityLog& log;
  Interfaces interfaces = Interfaces::configured;
  Access access = Access::full;
};

/// A value, or the fault that answers the call.
template <class T>
using OrFault = tl::expected<T, wire::XmlRpcFault>;

/// The fault as something every method can return.
[[nodiscard]] inline tl::unexpected<wire::XmlRpcFault> refuse(
    FaultCode code, std::optional<std::string_view> detail = std::nullopt) {
  return tl::unexpected<wire::XmlRpcFault>(make_fault(code, detail));
}

}  // namespace sv::rpc
