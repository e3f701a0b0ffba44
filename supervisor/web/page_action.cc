#include "web/page_action.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "rpc/local_time.h"

namespace sv::web {
namespace {

using rpc::CallSequence;
using rpc::FaultCode;

struct ActionEntry {
  std::string_view name;
  PageAction action;
};

constexpr std::array<ActionEntry, 7> kActions{{
    {"refresh", PageAction::refresh},
    {"restartall", PageAction::restart_all},
    {"stopall", PageAction::stop_all},
    {"start", PageAction::start},
    {"stop", PageAction::stop},
    {"restart", PageAction::restart},
    {"clearlog", PageAction::clear_log},
}};

CallSequence::Step call(std::string_view method, wire::XmlRpcArray params = {}) {
  return wire::XmlRpcCall{cat({"supervisor.", method}), std::move(params)};
}

CallSequence::Step call(std::string_view method, const std::string& name) {
  return call(method, wire::XmlRpcArray{wire::XmlRpcValue(name)});
}

std::vector<CallSequence::Step> calls_of(PageAction action, const std::string& name) {
  switch (action) {
    case PageAction::refresh:
      return {};
    case PageAction::restart_all:
      return {call("stopAllProcesses"), call("startAllProcesses")};
    case PageAction::stop_all:
      return {call("stopAllProcesses")};
    case PageAction::start:
      return {call("startProcess", name)};
    case PageAction::stop:
      return {call("stopProcess", name)};
    case PageAction::restart:
      return {call("stopProcess", name), call("startProcess", name)};
    case PageAction::clear_log:
      return {call("clearProcessLogs", name)};
  }
  return {};
}

std::string unexpected(const wire::XmlRpcFault& fault) {
  return cat({"unexpected rpc fault [", std::to_string(fault.code), "] ", fault.text});
}

std::string start_failure(const std::string& name, const wire::XmlRpcFault& fault) {
  const auto because = [&name](std::string_view reason) {
    return cat({"ERROR: Process ", name, ": ", reason});
  };
  switch (static_cast<FaultCode>(fault.code)) {
    case FaultCode::no_file:
      return because("no such file");
    case FaultCode::not_executable:
      return because("file not executable");
    case FaultCode::already_started:
      return because("already started");
    case FaultCode::spawn_error:
      return because("spawn error");
    case FaultCode::abnormal_termination:
      return because("abnormal termination");
    case FaultCode::unknown_method:
    case FaultCode::incorrect_parameters:
    case FaultCode::bad_arguments:
    case FaultCode::signature_unsupported:
    case FaultCode::shutdown_state:
    case FaultCode::bad_name:
    case FaultCode::bad_signal:
    case FaultCode::failed:
    case FaultCode::not_running:
    case FaultCode::success:
    case FaultCode::already_added:
    case FaultCode::still_running:
    case FaultCode::cant_reread:
      break;
  }
  return unexpected(fault);
}

}  // namespace

std::optional<PageAction> page_action_from_name(std::string_view name) {
  for (const ActionEntry& entry : kActions) {
    if (entry.name == name) {
      return entry.action;
    }
  }
  return std::nullopt;
}

bool needs_process(PageAction action) {
  switch (action) {
    case PageAction::refresh:
    case PageAction::restart_all:
    case PageAction::stop_all:
      return false;
    case PageAction::start:
    case PageAction::stop:
    case PageAction::restart:
    case PageAction::clear_log:
      return true;
  }
  return false;
}

RunningAction::RunningAction(const rpc::Services& services, PageAction action, std::string name)
    : host_(services.host),
      action_(action),
      name_(std::move(name)),
      calls_(services, calls_of(action_, name_)) {}

std::optional<std::string> RunningAction::poll() {
  const auto replies = calls_.poll();
  if (!replies) {
    return std::nullopt;
  }
  return message(replies->empty() ? wire::XmlRpcReply() : replies->back());
}

std::string RunningAction::message(const wire::XmlRpcReply& last) const {
  const auto at_this_time = [this](std::string_view text) {
    return cat({text, " at ", rpc::full_local_time(host_.now().wall)});
  };
  switch (action_) {
    case PageAction::refresh:
      return at_this_time("Page refreshed");
    case PageAction::restart_all:
      return at_this_time("All restarted");
    case PageAction::stop_all:
      return at_this_time("All stopped");
    case PageAction::start:
      return last ? cat({"Process ", name_, " started"}) : start_failure(name_, last.error());
    case PageAction::stop:
      return last ? cat({"Process ", name_, " stopped"}) : unexpected(last.error());
    case PageAction::restart:
      return cat({"Process ", name_, " restarted"});  // whatever came of it, as the reference says
    case PageAction::clear_log:
      return last ? cat({"Log for ", name_, " cleared"}) : unexpected(last.error());
  }
  return {};
}

}  // namespace sv::web
