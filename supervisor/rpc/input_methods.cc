#include "rpc/input_methods.h"

#include "rpc/arguments.h"
#include "rpc/names.h"

namespace sv::rpc {

wire::XmlRpcReply send_process_stdin(Services& services, std::string_view name,
                                     const wire::XmlRpcValue& chars) {
  const auto* text = chars.get_if<std::string>();
  if (text == nullptr) {
    return refuse(FaultCode::incorrect_parameters, display_text(chars));
  }
  const auto process = find_process(services.host.supervisor(), name);
  if (!process) {
    return tl::unexpected(process.error());
  }
  const core::Process& target = **process;
  if (target.record().pid == 0 || target.state() == core::ProcessState::stopping) {
    return refuse(FaultCode::not_running, name);
  }
  switch (services.host.write_stdin(target.id, *text)) {
    case Host::StdinOutcome::accepted:
      return true;
    case Host::StdinOutcome::not_running:
      return refuse(FaultCode::not_running, name);
    case Host::StdinOutcome::closed:
      break;
  }
  return refuse(FaultCode::no_file, name);
}

wire::XmlRpcReply send_remote_comm_event(Services& services, const wire::XmlRpcValue& type,
                                         const wire::XmlRpcValue& data) {
  services.host.send_remote_event(display_text(type), display_text(data));
  return true;
}

}  // namespace sv::rpc
