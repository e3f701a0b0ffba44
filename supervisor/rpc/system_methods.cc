#include "rpc/system_methods.h"

#include <memory>
#include <utility>
#include <vector>

#include "rpc/dispatch.h"
#include "rpc/method_table.h"

namespace sv::rpc {
namespace {

const Method* find_offered(const Services& services, std::string_view name) {
  const Method* method = find_method(name);
  return method != nullptr && is_offered(*method, services) ? method : nullptr;
}

bool is_left_out(const wire::XmlRpcValue* member) {
  return member == nullptr || member->get_if<wire::XmlRpcNil>() != nullptr;
}

CallSequence::Step read_step(const wire::XmlRpcValue& entry) {
  const wire::XmlRpcValue* name = entry.member("methodName");
  if (is_left_out(name)) {
    return refuse(FaultCode::incorrect_parameters, "No methodName");
  }
  const auto* method = name->get_if<std::string>();
  if (method == nullptr) {
    return refuse(FaultCode::incorrect_parameters);
  }
  if (*method == "system.multicall") {
    return refuse(FaultCode::incorrect_parameters, "Recursive system.multicall forbidden");
  }
  const wire::XmlRpcValue* params = entry.member("params");
  if (params == nullptr) {
    return wire::XmlRpcCall{*method, {}};
  }
  const auto* list = params->get_if<wire::XmlRpcArray>();
  if (list == nullptr) {
    return refuse(FaultCode::incorrect_parameters);
  }
  return wire::XmlRpcCall{*method, *list};
}

class MulticallPending final : public Pending {
 public:
  explicit MulticallPending(CallSequence calls) : calls_(std::move(calls)) {}

  std::optional<wire::XmlRpcReply> poll(Host& /*host*/) override {
    auto replies = calls_.poll();
    if (!replies) {
      return std::nullopt;
    }
    wire::XmlRpcArray results;
    results.reserve(replies->size());
    for (wire::XmlRpcReply& reply : *replies) {
      if (reply) {
        results.push_back(std::move(*reply));
      } else {
        results.emplace_back(wire::XmlRpcStruct{{"faultCode", reply.error().code},
                                                {"faultString", reply.error().text}});
      }
    }
    return wire::XmlRpcValue(std::move(results));
  }

  [[nodiscard]] std::optional<MonoTime> deadline() const override { return calls_.deadline(); }

 private:
  CallSequence calls_;
};

}  // namespace

wire::XmlRpcReply list_methods(Services& services) {
  wire::XmlRpcArray names;
  for (const Method& method : all_methods()) {
    if (is_offered(method, services)) {
      names.emplace_back(method.name);
    }
  }
  return names;
}

wire::XmlRpcReply get_method_help(Services& services, std::string_view name) {
  const Method* method = find_offered(services, name);
  if (method == nullptr) {
    return refuse(FaultCode::signature_unsupported);
  }
  return method_help(*method);
}

wire::XmlRpcReply get_method_signature(Services& services, std::string_view name) {
  const Method* method = find_offered(services, name);
  if (method == nullptr) {
    return refuse(FaultCode::signature_unsupported);
  }
  wire::XmlRpcArray types;
  types.emplace_back(method->result.type);
  for (std::size_t i = 0; i < method->parameter_count(); ++i) {
    types.emplace_back(method->parameters[i].type);
  }
  return types;
}

Outcome multicall(Services& services, const wire::XmlRpcValue& calls) {
  const auto* entries = calls.get_if<wire::XmlRpcArray>();
  if (entries == nullptr) {
    return refuse(FaultCode::incorrect_parameters);
  }
  std::vector<CallSequence::Step> steps;
  steps.reserve(entries->size());
  for (const wire::XmlRpcValue& entry : *entries) {
    if (entry.get_if<wire::XmlRpcStruct>() == nullptr) {
      return refuse(FaultCode::incorrect_parameters);  // before anything has been done
    }
    steps.push_back(read_step(entry));
  }
  return std::make_unique<MulticallPending>(CallSequence(services, std::move(steps)));
}

}  // namespace sv::rpc
