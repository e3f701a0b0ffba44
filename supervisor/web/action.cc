#include "web/action.h"

#include <array>
#include <utility>
#include <variant>

#include "rpc/dispatch.h"
#include "rpc/fault.h"
#include "rpc/group_pending.h"
#include "rpc/log_methods.h"
#include "rpc/names.h"
#include "web/json.h"
#include "web/program_json.h"

namespace sv::web {
namespace {

using rpc::FaultCode;
using rpc::Outcome;
using wire::XmlRpcArray;
using wire::XmlRpcCall;
using wire::XmlRpcReply;
using wire::XmlRpcValue;

constexpr std::string_view kAll = "*";

struct ActionName {
  std::string_view name;
  Action action;
};

constexpr std::array<ActionName, 5> kActions{{{"start", Action::start},
                                              {"stop", Action::stop},
                                              {"restart", Action::restart},
                                              {"signal", Action::signal},
                                              {"clear", Action::clear}}};

/// The call that does `verb` ("start") to what is named. The methods for one process take groups,
/// too.
XmlRpcCall call(const std::string& verb, const std::string& name, XmlRpcValue argument) {
  if (name == kAll) {
    return {"supervisor." + verb + "AllProcesses", {std::move(argument)}};
  }
  return {"supervisor." + verb + "Process", {name, std::move(argument)}};
}

/// Stops, then starts whatever came of the stop; the answer is that of the start.
class Restart final : public rpc::Pending {
 public:
  Restart(const rpc::Services& services, const std::string& name, bool waits)
      : calls_(services, {call("stop", name, true), call("start", name, waits)}) {}

  std::optional<XmlRpcReply> poll(rpc::Host& /*host*/) override {
    auto replies = calls_.poll();
    return replies ? std::optional(std::move(replies->back())) : std::nullopt;
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return calls_.deadline(); }

 private:
  rpc::CallSequence calls_;
};

Outcome clear(rpc::Services& services, const std::string& name) {
  if (name == kAll) {
    return rpc::dispatch(services, {"supervisor.clearAllProcessLogs", {}});
  }
  const auto target = rpc::find_target(services.host.supervisor(), name);
  if (target && target->process == nullptr) {
    return rpc::for_each(rpc::in_start_order(target->groups),
                         [&services](const core::Process&, const std::string& member) -> Outcome {
                           return rpc::clear_process_logs(services, member);
                         });
  }
  return rpc::dispatch(services, {"supervisor.clearProcessLogs", {name}});
}

Outcome begin(rpc::Services& services, const ActionRequest& request, const std::string& name) {
  const bool waits = request.wait == rpc::Wait::yes;
  switch (request.action) {
    case Action::start:
      return rpc::dispatch(services, call("start", name, waits));
    case Action::stop:
      return rpc::dispatch(services, call("stop", name, waits));
    case Action::restart:
      return std::make_unique<Restart>(services, name, waits);
    case Action::signal:
      return rpc::dispatch(services, call("signal", name, request.signal));
    case Action::clear:
      return clear(services, name);
  }
  return rpc::refuse(FaultCode::failed);
}

/// One name's answer, now or later.
class Step {
 public:
  Step(std::string name, Outcome outcome) : name_(std::move(name)) {
    if (auto* reply = std::get_if<XmlRpcReply>(&outcome)) {
      reply_ = std::move(*reply);
    } else {
      pending_ = std::get<std::unique_ptr<rpc::Pending>>(std::move(outcome));
    }
  }

  /// Whether the answer is there by now.
  [[nodiscard]] bool is_done(rpc::Host& host) {
    if (!reply_) {
      reply_ = pending_->poll(host);
    }
    return reply_.has_value();
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const {
    return reply_ ? std::nullopt : pending_->deadline();
  }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const XmlRpcReply& reply() const { return *reply_; }

 private:
  std::string name_;
  std::optional<XmlRpcReply> reply_;
  std::unique_ptr<rpc::Pending> pending_;
};

/// The HTTP status of a fault.
int status_of(const wire::XmlRpcFault& fault) {
  switch (static_cast<FaultCode>(fault.code)) {
    case FaultCode::bad_name:
    case FaultCode::unknown_method:
      return 404;
    case FaultCode::bad_signal:
    case FaultCode::bad_arguments:
    case FaultCode::incorrect_parameters:
      return 400;
    case FaultCode::already_started:
    case FaultCode::already_added:
    case FaultCode::not_running:
    case FaultCode::still_running:
      return 409;
    case FaultCode::no_file:
    case FaultCode::not_executable:
    case FaultCode::spawn_error:
    case FaultCode::abnormal_termination:
      return 422;
    case FaultCode::shutdown_state:
      return 503;
    case FaultCode::signature_unsupported:
    case FaultCode::failed:
    case FaultCode::success:
    case FaultCode::cant_reread:
      break;
  }
  return 500;
}

std::string_view fault_code(const wire::XmlRpcFault& fault) {
  return rpc::fault_name(static_cast<FaultCode>(fault.code));
}

Json result_of(std::string name, const wire::XmlRpcFault* fault) {
  Json result;
  result["name"] = std::move(name);
  result["ok"] = fault == nullptr;
  if (fault != nullptr) {
    Json error;
    error["code"] = fault_code(*fault);
    error["message"] = fault->text;
    result["error"] = std::move(error);
  }
  return result;
}

std::string text_member(const XmlRpcValue& value, std::string_view name) {
  const XmlRpcValue* found = value.member(name);
  const auto* text = found != nullptr ? found->get_if<std::string>() : nullptr;
  return text != nullptr ? *text : std::string();
}

/// An entry of the lists that methods for many processes answer with.
Json result_of(const XmlRpcValue& status) {
  const XmlRpcValue* code = status.member("status");
  const auto* number = code != nullptr ? code->get_if<std::int64_t>() : nullptr;
  const wire::XmlRpcFault fault{number != nullptr ? static_cast<int>(*number) : 0,
                                text_member(status, "description")};
  const bool worked = fault.code == static_cast<int>(FaultCode::success);
  return result_of(rpc::make_namespec(text_member(status, "group"), text_member(status, "name")),
                   worked ? nullptr : &fault);
}

void add_results(Json& results, const Step& step) {
  const XmlRpcReply& reply = step.reply();
  if (!reply) {
    results.push_back(result_of(step.name(), &reply.error()));
  } else if (const auto* list = reply->get_if<XmlRpcArray>()) {
    for (const XmlRpcValue& status : *list) {
      results.push_back(result_of(status));
    }
  } else {
    results.push_back(result_of(step.name(), nullptr));
  }
}

class OneAction final : public PendingResponse {
 public:
  OneAction(const rpc::Services& services, ActionRequest request)
      : services_(services),
        step_(request.names.front(), begin(services_, request, request.names.front())) {}

  std::optional<wire::HttpResponse> poll() override {
    if (!step_.is_done(services_.host)) {
      return std::nullopt;
    }
    if (!step_.reply()) {
      return fault_response(step_.reply().error());
    }
    const auto process = rpc::find_process(services_.host.supervisor(), step_.name());
    Json body;  // it may have been removed while this waited
    body["program"] =
        process ? program_json(services_.host, **process, services_.host.now()) : Json();
    return json_response(body);
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return step_.deadline(); }

 private:
  rpc::Services services_;
  Step step_;
};

class ManyActions final : public PendingResponse {
 public:
  ManyActions(const rpc::Services& services, ActionRequest request) : services_(services) {
    steps_.reserve(request.names.size());
    for (const std::string& name : request.names) {
      steps_.emplace_back(name, begin(services_, request, name));
    }
  }

  std::optional<wire::HttpResponse> poll() override {
    bool all_done = true;
    for (Step& step : steps_) {
      all_done = step.is_done(services_.host) && all_done;
    }
    if (!all_done) {
      return std::nullopt;
    }
    Json results = Json::array();
    for (const Step& step : steps_) {
      add_results(results, step);
    }
    Json body;
    body["results"] = std::move(results);
    return json_response(body);
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const override {
    std::optional<MonoTime> earliest;
    for (const Step& step : steps_) {
      const auto deadline = step.deadline();
      if (deadline && (!earliest || *deadline < *earliest)) {
        earliest = deadline;
      }
    }
    return earliest;
  }

 private:
  rpc::Services services_;
  std::vector<Step> steps_;
};

}  // namespace

std::optional<Action> action_from_name(std::string_view name) {
  for (const ActionName& entry : kActions) {
    if (entry.name == name) {
      return entry.action;
    }
  }
  return std::nullopt;
}

bool is_pattern(std::string_view name) {
  return name == kAll || !rpc::split_namespec(name).process;
}

wire::HttpResponse fault_response(const wire::XmlRpcFault& fault) {
  return json_error(status_of(fault), fault_code(fault), fault.text);
}

std::unique_ptr<PendingResponse> act_on_one(const rpc::Services& services, ActionRequest request) {
  return std::make_unique<OneAction>(services, std::move(request));
}

std::unique_ptr<PendingResponse> act_on_many(const rpc::Services& services, ActionRequest request) {
  return std::make_unique<ManyActions>(services, std::move(request));
}

}  // namespace sv::web
