#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace sv::navi {

/// Navi's log levels; none is above all.
enum class LogLevel { debug, info, notice, warning, error, critical, alert, emergency, none };

/// "debug", ... in lower case only; nullopt for anything else.
[[nodiscard]] std::optional<LogLevel> log_level_from_name(std::string_view name);

/// All names, comma separated, for messages.
[[nodiscard]] std::string_view log_level_names();

/// Lines on a descriptor that is not the protocol's (standard error):
/// "2026-11-23 02:25:54.005 INFO text", local time. A log that cannot be written is not an error.
class Log {
 public:
  /// `fd` and `clock` must outlive the log.
  Log(int fd, LogLevel threshold, const Clock& clock)
      : fd_(fd), threshold_(threshold), clock_(&clock) {}

  void write(LogLevel level, std::string_view text) const;
  [[nodiscard]] bool enabled(LogLevel level) const { return level >= threshold_; }

 private:
  int fd_;
  LogLevel threshold_;
  const Clock* clock_;
};

}  // namespace sv::navi
