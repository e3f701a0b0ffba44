#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/time.h"
#include "core/event.h"
#include "core/supervisor.h"
#include "navi/notice.h"
#include "navi/notice_queue.h"
#include "navi/notify.h"

namespace sv::shell {

/// The built-in notifier ([navi] output=): one JSON file for every program that ends unexpectedly,
/// does not come up, or is given up. Runs with the daemon's identity, on its loop; what cannot be
/// written is kept, bounded, and tried again.
class Notifier {
 public:
  /// References outlive the notifier. `identifier` is the `server` of the notice's header.
  Notifier(std::string directory, std::string identifier, const Clock& clock, ActivityLog& log);

  /// Where the last words of a process can be read.
  struct Logs {
    std::optional<std::string> out;
    std::optional<std::string> err;
  };

  /// Whether this change is one to report.
  [[nodiscard]] static bool is_news(const core::StateChange& change);

  void report(const core::Process& process, const core::StateChange& change, const Logs& logs);

  [[nodiscard]] std::optional<MonoTime> deadline() const { return queue_.deadline(); }
  void deadline_reached() { flush(); }

 private:
  [[nodiscard]] navi::Notice describe(const core::Process& process, const core::StateChange& change,
                                      const Logs& logs) const;
  void flush();

  std::string identifier_;
  const Clock& clock_;
  ActivityLog& log_;
  navi::NoticeWriter writer_;
  navi::NoticeQueue queue_;
  navi::NoticeNumbering numbering_;
  std::uint64_t serial_ = 0;
};

}  // namespace sv::shell
