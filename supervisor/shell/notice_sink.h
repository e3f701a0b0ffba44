#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/time.h"
#include "base/wait_status.h"
#include "navi/notice.h"

namespace sv::shell {

/// Where notices go beside the directory. Never blocks and never throws; has its own failures, says
/// them in the log, and keeps what it could not deliver, bounded.
class NoticeSink {
 public:
  virtual ~NoticeSink() = default;

  /// `json` is the rendered notice.
  virtual void send(const navi::Notice& notice, const std::string& json) noexcept = 0;

  /// A child that is no program's was reaped. Whether it is the sink's.
  virtual bool child_exited(pid_t /*pid*/, WaitStatus /*status*/) noexcept { return false; }

  /// When deadline_reached() wants to be called; nullopt: nothing waits for time.
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const { return std::nullopt; }
  virtual void deadline_reached(Now /*now*/) noexcept {}
};

}  // namespace sv::shell
