#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/parse.h"
#include "base/text.h"
#include "rpc/names.h"
#include "web/handlers.h"
#include "web/json.h"

namespace sv::web {
namespace {

wire::HttpResponse bad_request(std::string_view message) {
  return json_error(400, "BAD_REQUEST", message);
}

/// A text or a boolean of the body, where an absent member means nothing; `problem` is set when it
/// has another type.
template <class T>
std::optional<T> body_value(const Json& body, const char* name, std::string& problem) {
  const Json* value = member(body, name);
  if (value == nullptr || value->is_null()) {
    return std::nullopt;
  }
  if (const auto* found = value->get_ptr<const T*>()) {
    return *found;
  }
  problem = cat({"\"", name, "\" has the wrong type"});
  return std::nullopt;
}

/// The names of a bulk request; `problem` is set when they are none.
std::vector<std::string> body_names(const Json& body, std::string& problem) {
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  const Json* list = member(body, "programs");
  if (list == nullptr || !list->is_array() || list->empty() ||
      list->size() > ActionRequest::kMaxNames) {
    problem = "\"programs\" is a list of names, \"group:*\" or \"*\"";
    return names;
  }
  for (const Json& entry : *list) {
    const auto* name = entry.get_ptr<const std::string*>();
    if (name == nullptr) {
      problem = "\"programs\" is a list of texts";
      return names;
    }
    if (seen.insert(*name).second) {
      names.push_back(*name);
    }
  }
  return names;
}

/// What the query and the body say about how to act. An empty body is an empty object.
std::string read_options(const Call& call, const Json& body, ActionRequest& request) {
  std::string problem;
  auto wait = body_value<bool>(body, "wait", problem);
  auto signal = body_value<std::string>(body, "signal", problem);
  if (!wait) {
    if (const auto text = call.parameter("wait")) {
      const Result<bool> value = parse_boolean(*text);
      problem = value ? problem : "wait is true or false";
      wait = value.value_or(true);
    }
  }
  request.wait = wait.value_or(true) ? rpc::Wait::yes : rpc::Wait::no;
  request.signal = signal ? *signal : call.parameter("signal").value_or("");
  if (problem.empty() && request.action == Action::signal && request.signal.empty()) {
    problem = "\"signal\" is missing";
  }
  return problem;
}

std::optional<Json> body_of(const wire::HttpRequest& request) {
  if (trim(request.body).empty()) {
    return Json::object();
  }
  auto body = parse_json(request.body);
  return body && body->is_object() ? body : std::nullopt;
}

}  // namespace

Answer act_on_name(const Call& call, Action action) {
  const auto body = body_of(call.request);
  if (!body) {
    return bad_request("the body is no JSON object");
  }
  ActionRequest request;
  request.action = action;
  request.names = {std::string(call.values[0])};
  if (const std::string problem = read_options(call, *body, request); !problem.empty()) {
    return bad_request(problem);
  }
  if (is_pattern(request.names.front())) {
    const auto group = rpc::split_namespec(request.names.front()).group;
    if (request.names.front() != "*" &&
        call.services.host.supervisor().find_groups(group).empty()) {
      return fault_response(rpc::make_fault(rpc::FaultCode::bad_name, request.names.front()));
    }
    return act_on_many(call.services, std::move(request));
  }
  return act_on_one(call.services, std::move(request));
}

Answer act_on_list(const Call& call) {
  const auto body = body_of(call.request);
  if (!body) {
    return bad_request("the body is no JSON object");
  }
  std::string problem;
  const auto name = body_value<std::string>(*body, "action", problem);
  const auto action = action_from_name(name.value_or(""));
  if (!action) {
    return bad_request("\"action\" is start, stop, restart, signal or clear");
  }
  ActionRequest request;
  request.action = *action;
  request.names = body_names(*body, problem);
  if (problem.empty()) {
    problem = read_options(call, *body, request);
  }
  if (!problem.empty()) {
    return bad_request(problem);
  }
  return act_on_many(call.services, std::move(request));
}

}  // namespace sv::web
