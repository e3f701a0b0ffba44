#include "rpc/dispatch.h"

#include <exception>
#include <utility>

#include "base/text.h"
#include "rpc/method_table.h"

namespace sv::rpc {
namespace {

Outcome run(Services& services, const wire::XmlRpcCall& call) {
  const Method* method = find_method(call.method);
  if (method == nullptr || !is_offered(*method, services)) {
    return refuse(FaultCode::unknown_method);
  }
  if (call.params.size() < method->required || call.params.size() > method->parameter_count()) {
    return refuse(FaultCode::incorrect_parameters);
  }
  const bool stopping = services.host.supervisor().mood() != core::Mood::running;
  if (stopping && method->availability == Availability::while_running) {
    return refuse(FaultCode::shutdown_state);
  }
  if (method->needs == Access::full && services.access == Access::read_only) {
    return refuse(FaultCode::failed, kReadOnlyText);
  }
  Outcome outcome = method->handler(services, call.params);
  if (auto* pending = std::get_if<std::unique_ptr<Pending>>(&outcome)) {
    // What it waits for may have happened inside of the handler.
    if (auto reply = (*pending)->poll(services.host)) {
      return std::move(*reply);
    }
  }
  return outcome;
}

}  // namespace

Outcome dispatch(Services& services, const wire::XmlRpcCall& call) {
  try {
    return run(services, call);
  } catch (const std::exception& error) {
    services.log.critical(cat({"XML-RPC method ", call.method, "() failed: ", error.what()}));
    return refuse(FaultCode::failed, error.what());
  }
}

CallSequence::CallSequence(const Services& services, std::vector<Step> steps)
    : services_(services), steps_(std::move(steps)) {
  replies_.reserve(steps_.size());
}

std::optional<std::vector<wire::XmlRpcReply>> CallSequence::poll() {
  while (true) {
    if (current_ != nullptr) {
      auto reply = current_->poll(services_.host);
      if (!reply) {
        return std::nullopt;
      }
      replies_.push_back(std::move(*reply));
      current_.reset();
    }
    if (replies_.size() == steps_.size()) {
      return std::move(replies_);
    }
    begin(steps_[replies_.size()]);
  }
}

void CallSequence::begin(const Step& step) {
  if (!step) {
    replies_.push_back(tl::unexpected(step.error()));
    return;
  }
  Outcome outcome = dispatch(services_, *step);
  if (auto* pending = std::get_if<std::unique_ptr<Pending>>(&outcome)) {
    current_ = std::move(*pending);
  } else {
    replies_.push_back(std::get<wire::XmlRpcReply>(std::move(outcome)));
  }
}

std::optional<MonoTime> CallSequence::deadline() const {
  return current_ != nullptr ? current_->deadline() : std::nullopt;
}

}  // namespace sv::rpc
