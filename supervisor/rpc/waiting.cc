#include "rpc/waiting.h"

#include <utility>

#include "base/text.h"
#include "rpc/services.h"

namespace sv::rpc {

using core::ProcessState;

StartPending::StartPending(core::ProcessId id, std::string name)
    : id_(id), name_(std::move(name)) {}

std::optional<wire::XmlRpcReply> StartPending::poll(Host& host) {
  const core::Process* process = host.supervisor().find(id_);
  if (process == nullptr) {
    return refuse(FaultCode::abnormal_termination, name_);
  }
  if (!process->record().spawn_error.empty()) {
    return refuse(FaultCode::spawn_error, name_);
  }
  switch (process->state()) {
    case ProcessState::running:
      return wire::XmlRpcValue(true);
    case ProcessState::starting:
      return std::nullopt;
    case ProcessState::stopped:
    case ProcessState::backoff:
    case ProcessState::stopping:
    case ProcessState::exited:
    case ProcessState::fatal:
    case ProcessState::unknown:
      break;
  }
  return refuse(FaultCode::abnormal_termination, name_);
}

StopPending::StopPending(core::ProcessId id, std::string name, ActivityLog& log)
    : id_(id), name_(std::move(name)), log_(log) {}

std::optional<wire::XmlRpcReply> StopPending::poll(Host& host) {
  const core::Process* process = host.supervisor().find(id_);
  // Any state but STOPPING means that it has ended, also when somebody has started it again.
  if (process == nullptr || process->state() != ProcessState::stopping) {
    return wire::XmlRpcValue(true);
  }
  const MonoTime now = host.now().mono;
  if (!next_report_ || now >= *next_report_) {
    log_.info(cat({"waiting for ", name_, " to stop"}));
    next_report_ = now + kReportInterval;
  }
  return std::nullopt;
}

}  // namespace sv::rpc
