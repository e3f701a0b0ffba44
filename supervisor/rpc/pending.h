#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "base/time.h"
#include "rpc/host.h"
#include "wire/xmlrpc_value.h"

namespace sv::rpc {

/// A reply that waits for state changes. The server polls it once after every batch of state
/// changes and when its deadline has come; it holds nothing but ids, so it survives the removal of
/// what it waits for.
class Pending {
 public:
  virtual ~Pending() = default;

  /// The reply, or nullopt while it still waits. Not called again after it returned a reply.
  [[nodiscard]] virtual std::optional<wire::XmlRpcReply> poll(Host& host) = 0;

  /// When it wants poll() although nothing changed (progress lines); usually never.
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const { return std::nullopt; }
};

/// What a method returns: a reply, or the promise of one.
using Outcome = std::variant<wire::XmlRpcReply, std::unique_ptr<Pending>>;

}  // namespace sv::rpc
