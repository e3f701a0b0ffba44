#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "core/event.h"
#include "shell/log_sink.h"

namespace sv::shell {

/// Told about output that is more than bytes for a log.
class OutputEvents {
 public:
  virtual ~OutputEvents() = default;

  /// Output of a channel with events_enabled: PROCESS_LOG_*.
  virtual void on_log_data(core::Channel channel, std::string_view data) noexcept = 0;

  /// What stood between the capture tokens: PROCESS_COMMUNICATION_*.
  virtual void on_captured(core::Channel channel, std::string_view data) noexcept = 0;
};

/// One output channel of one process: filters, log, events, copy in the activity log
/// (supervisor-config, 14.1, 14.4, 14.5). Without filters the bytes read are the bytes written.
class OutputChannel {
 public:
  struct Options {
    core::Channel channel = core::Channel::standard_output;
    std::string process;  ///< name for messages
    bool strip_ansi = false;
    std::uint64_t capture_max_bytes = 0;  ///< 0: capture mode off
    bool events_enabled = false;
    /// Standard output of an event listener: its copy in the activity log is shown as a bytes
    /// literal.
    bool is_protocol = false;
  };

  /// `events` and `log` outlive the channel.
  OutputChannel(Options options, std::unique_ptr<LogSink> sink, OutputEvents& events,
                ActivityLog& log);
  ~OutputChannel();
  OutputChannel(const OutputChannel&) = delete;
  OutputChannel& operator=(const OutputChannel&) = delete;

  void feed(std::string_view bytes) noexcept;

  /// The process ended: passes on what the filters still hold. An unfinished capture is dropped.
  void finish() noexcept;

  /// Puts a text of the daemon's own into the log.
  void add_to_log(std::string_view text) noexcept;

  /// Empties the log.
  Result<void> clear_log() noexcept;

  /// What went to the log since this run began, or since it was emptied.
  [[nodiscard]] std::uint64_t logged_bytes() const noexcept { return logged_bytes_; }

  [[nodiscard]] LogSink& sink() noexcept { return *sink_; }
  [[nodiscard]] const LogSink& sink() const noexcept { return *sink_; }

 private:
  struct Filters;
  enum class Logged { yes, no };

  void deliver_pieces();
  void deliver(std::string_view bytes, Logged logged);
  void copy_to_activity_log(std::string_view bytes);

  Options options_;
  std::unique_ptr<LogSink> sink_;
  OutputEvents& events_;
  ActivityLog& log_;
  std::uint64_t logged_bytes_ = 0;
  std::unique_ptr<Filters> filters_;  ///< unset: the fast path
};

}  // namespace sv::shell
