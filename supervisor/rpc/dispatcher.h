#pragma once

#include "base/log.h"
#include "rpc/host.h"
#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

namespace sv::rpc {

/// Method names to handlers (supervisor.* and system.*): argument checking, the shutdown gate,
/// multicall. Handlers never see sockets. No exception leaves call().
class Dispatcher {
 public:
  /// Both must outlive the dispatcher.
  Dispatcher(Host& host, ActivityLog& log);
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  [[nodiscard]] Outcome call(const wire::XmlRpcCall& call, Access access = Access::full);

 private:
  Host& host_;
  ActivityLog& log_;
};

}  // namespace sv::rpc
