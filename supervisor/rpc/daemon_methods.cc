#include "rpc/daemon_methods.h"

#include <string>
#include <vector>

#include "base/version.h"

namespace sv::rpc {
namespace {

wire::XmlRpcArray names(const std::vector<std::string>& groups) {
  return wire::XmlRpcArray(groups.begin(), groups.end());
}

}  // namespace

wire::XmlRpcReply get_api_version(Services& /*services*/) {
  return kApiVersion;
}

wire::XmlRpcReply get_supervisor_version(Services& /*services*/) {
  return kCompatibleVersion;
}

wire::XmlRpcReply get_identification(Services& services) {
  return services.host.latest_config().daemon.identifier;
}

wire::XmlRpcReply get_state(Services& services) {
  const core::Mood mood = services.host.supervisor().mood();
  return wire::XmlRpcStruct{{"statecode", static_cast<int>(mood)},
                            {"statename", core::mood_name(mood)}};
}

wire::XmlRpcReply get_pid(Services& services) {
  return std::int64_t{services.host.pid()};
}

wire::XmlRpcReply shut_down(Services& services) {
  services.host.shut_down();
  return true;
}

wire::XmlRpcReply restart(Services& services) {
  if (const Result<void> outcome = services.host.restart(); !outcome) {
    return refuse(FaultCode::cant_reread, outcome.error().message);
  }
  return true;
}

wire::XmlRpcReply reload_config(Services& services) {
  const auto changes = services.host.reread();
  if (!changes) {
    return refuse(FaultCode::cant_reread, changes.error());
  }
  wire::XmlRpcArray lists{names(changes->added), names(changes->changed), names(changes->removed)};
  wire::XmlRpcArray answer;  // by hand: {lists} would be a copy of it, not a list around it
  answer.emplace_back(std::move(lists));
  return answer;
}

wire::XmlRpcReply add_process_group(Services& services, std::string_view name) {
  const Result<void> added = services.host.add_group(name);
  if (added) {
    return true;
  }
  if (added.error().code == ErrorCode::not_found) {
    return refuse(FaultCode::bad_name, name);
  }
  if (added.error().code == ErrorCode::already_exists) {
    return refuse(FaultCode::already_added, name);
  }
  return refuse(FaultCode::failed, added.error().message);
}

wire::XmlRpcReply remove_process_group(Services& services, std::string_view name) {
  const Result<void> removed = services.host.remove_group(name);
  if (removed) {
    return true;
  }
  if (removed.error().code == ErrorCode::not_found) {
    return refuse(FaultCode::bad_name, name);
  }
  if (removed.error().code == ErrorCode::unavailable) {
    return refuse(FaultCode::still_running, name);
  }
  return refuse(FaultCode::failed, removed.error().message);
}

}  // namespace sv::rpc
