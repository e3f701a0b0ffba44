#pragma once

#include <optional>
#include <string>

#include "base/log.h"
#include "core/process_state.h"
#include "rpc/pending.h"

/// The two things a client waits for (supervisor-protocol, 1.9.3 and 1.9.4).
namespace sv::rpc {

/// Until a process that was started is RUNNING. SPAWN_ERROR as soon as a try has failed (the
/// daemon goes on trying), ABNORMAL_TERMINATION when somebody stopped it or it is gone.
class StartPending final : public Pending {
 public:
  /// `name` appears in faults.
  StartPending(core::ProcessId id, std::string name);
  std::optional<wire::XmlRpcReply> poll(Host& host) override;

 private:
  core::ProcessId id_;
  std::string name_;
};

/// Until a process that was told to stop has ended; there is no limit. Logs that it waits, at once
/// and then every kReportInterval.
class StopPending final : public Pending {
 public:
  static constexpr std::chrono::seconds kReportInterval{2};

  /// `name` appears in the log. `log` must outlive this.
  StopPending(core::ProcessId id, std::string name, ActivityLog& log);
  std::optional<wire::XmlRpcReply> poll(Host& host) override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return next_report_; }

 private:
  core::ProcessId id_;
  std::string name_;
  ActivityLog& log_;
  std::optional<MonoTime> next_report_;  ///< unset: not reported yet
};

}  // namespace sv::rpc
