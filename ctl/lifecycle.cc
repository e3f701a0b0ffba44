#include "ctl/lifecycle.h"

#include <algorithm>

#include "base/text.h"

namespace sv::ctl {
namespace {

Outcome<void> report_each(const wire::XmlRpcValue& results, const Report& report) {
  for (const wire::XmlRpcValue& result : elements_of(results)) {
    auto outcome =
        report({make_namespec(text_of(result, "group"), text_of(result, "name")),
                static_cast<int>(integer_of(result, "status")), text_of(result, "description")});
    if (!outcome) {
      return outcome;
    }
  }
  return {};
}

Outcome<void> act_on_group(Session& session, const Action& action, const std::string& group,
                           const Report& report) {
  auto results = session.call(action.group_method, action.params(group));
  if (results) {
    return report_each(*results, report);
  }
  if (fault_code(results.error()) != fault::kBadName) {
    return failed(std::move(results.error()));
  }
  session.say(cat({group, ": ERROR (no such group)"}));
  session.set_exit_status(action.unknown_group_status);
  return {};
}

Outcome<void> act_on_process(Session& session, const Action& action, std::string_view name,
                             const Namespec& spec, const Report& report) {
  ProcessResult result{make_namespec(spec.group, spec.process.value_or("*")), fault::kSuccess, {}};
  auto reply = session.call(action.process_method, action.params(name));
  if (!reply) {
    const auto* fault = std::get_if<wire::XmlRpcFault>(&reply.error());
    if (fault == nullptr) {
      return failed(std::move(reply.error()));
    }
    result.status = fault->code;
    result.description = fault->text;
  }
  return report(result);
}

}  // namespace

wire::XmlRpcArray Action::params(std::string_view name) const {
  wire::XmlRpcArray list;
  if (!name.empty()) {
    list.emplace_back(name);
  }
  if (!signal.empty()) {
    list.emplace_back(signal);
  }
  if (at_once) {
    list.emplace_back(false);
  }
  return list;
}

Outcome<void> act(Session& session, const Action& action, const std::vector<std::string>& names,
                  const Report& report) {
  if (std::ranges::find(names, "all") != names.end()) {
    auto results = session.call(action.all_method, action.params());
    return results ? report_each(*results, report) : failed(std::move(results.error()));
  }
  for (const std::string& name : names) {
    const Namespec spec = split_namespec(name);
    auto outcome = spec.process || action.group_method.empty()
                       ? act_on_process(session, action, name, spec, report)
                       : act_on_group(session, action, spec.group, report);
    if (!outcome) {
      return outcome;
    }
  }
  return {};
}

Outcome<void> say_result(Session& session, Verb verb, const ProcessResult& result) {
  const auto line = result_line(verb, result);
  if (!line) {
    return failed(unknown_result(result));
  }
  session.say(*line);
  if (const auto status = result_exit_status(verb, result.status)) {
    session.set_exit_status(*status);
  }
  return {};
}

}  // namespace sv::ctl
