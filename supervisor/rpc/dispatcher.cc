#include "rpc/dispatcher.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "rpc/dispatch.h"
#include "rpc/services.h"

namespace sv::rpc {
namespace {

void trace_reply(ActivityLog& log, std::string_view method, const wire::XmlRpcReply& reply) {
  if (reply) {
    log.trace(cat({"XML-RPC method ", method, "() returned successfully"}));
  } else {
    log.trace(cat({"XML-RPC method ", method, "() returned fault: [",
                   std::to_string(reply.error().code), "] ", reply.error().text}));
  }
}

/// Logs the answer when it comes.
class TracedPending final : public Pending {
 public:
  TracedPending(std::unique_ptr<Pending> inner, std::string method, ActivityLog& log)
      : inner_(std::move(inner)), method_(std::move(method)), log_(log) {}

  std::optional<wire::XmlRpcReply> poll(Host& host) override {
    auto reply = inner_->poll(host);
    if (reply) {
      trace_reply(log_, method_, *reply);
    }
    return reply;
  }

  [[nodiscard]] std::optional<MonoTime> deadline() const override { return inner_->deadline(); }

 private:
  std::unique_ptr<Pending> inner_;
  std::string method_;
  ActivityLog& log_;
};

}  // namespace

Dispatcher::Dispatcher(Host& host, ActivityLog& log) : host_(host), log_(log) {}

Dispatcher::~Dispatcher() = default;

Outcome Dispatcher::call(const wire::XmlRpcCall& call, Access access) {
  Services services{host_, log_, Interfaces::configured, access};
  if (!log_.enabled(Level::trace)) {
    return dispatch(services, call);
  }
  log_.trace(cat({"XML-RPC method called: ", call.method, "()"}));
  Outcome outcome = dispatch(services, call);
  if (auto* reply = std::get_if<wire::XmlRpcReply>(&outcome)) {
    trace_reply(log_, call.method, *reply);
    return outcome;
  }
  return std::make_unique<TracedPending>(std::get<std::unique_ptr<Pending>>(std::move(outcome)),
                                         call.method, log_);
}

}  // namespace sv::rpc
