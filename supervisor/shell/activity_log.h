#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "config/model.h"
#include "shell/stream_output.h"

namespace sv::shell {

struct DaemonLogOptions {
  config::ActivityLogConfig log;
  bool copy_to_stdout = false;  ///< foreground and not silent
  std::string ident;            ///< the program's name in syslog lines
};

/// The daemon's own log (supervisor-config, section 10): lines
/// `YYYY-MM-DD HH:MM:SS,mmm LEVEL message`, local time, to a rotating file, to one of our own
/// descriptors or to syslog, and in the foreground to stdout as well. Never throws, never blocks on
/// a reader; a line that cannot be written is dropped and counted.
class DaemonLog final : public ActivityLog {
 public:
  /// Opens the target. `outputs` and `clock` outlive the log.
  [[nodiscard]] static Result<std::unique_ptr<DaemonLog>> create(const DaemonLogOptions& options,
                                                                 StandardOutputs& outputs,
                                                                 uv::Loop& loop,
                                                                 const Clock& clock);
  ~DaemonLog() override;

  void write(Level level, std::string_view text) noexcept override;
  [[nodiscard]] bool enabled(Level level) const noexcept override { return level >= threshold_; }

  /// Closes and opens the file again by its name (SIGUSR2).
  void reopen() noexcept;

  /// Empties the file.
  Result<void> clear() noexcept;

  /// The file's name; nullopt when it logs to syslog.
  [[nodiscard]] std::optional<std::string> path() const;

  /// Called after each line, for those who follow the log; empty: nobody. Must not throw.
  void on_grown(std::function<void()> observer) noexcept { on_grown_ = std::move(observer); }

  /// After going to the background.
  void stop_copying_to_stdout() noexcept;

 private:
  struct Impl;
  DaemonLog(Level threshold, std::unique_ptr<Impl> impl);

  Level threshold_;
  std::unique_ptr<Impl> impl_;
  std::function<void()> on_grown_;
};

}  // namespace sv::shell
