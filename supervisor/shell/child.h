#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/log.h"
#include "core/event.h"
#include "core/supervisor.h"
#include "shell/child_io.h"
#include "shell/log_sink.h"
#include "shell/output_channel.h"

namespace sv::shell {

/// Told what children write, beyond the bytes that go to their logs. Implemented once per daemon.
class ChildObserver {
 public:
  virtual ~ChildObserver() = default;

  /// It wrote something; what of it goes to the log has been appended there.
  virtual void on_output(core::ProcessId id, core::Channel channel,
                         std::string_view bytes) noexcept = 0;
  /// Output of a channel with events_enabled.
  virtual void on_log_data(core::ProcessId id, pid_t pid, core::Channel channel,
                           std::string_view data) noexcept = 0;
  /// What stood between the capture tokens.
  virtual void on_captured(core::ProcessId id, pid_t pid, core::Channel channel,
                           std::string_view data) noexcept = 0;
  /// An event listener spoke on its protocol channel.
  virtual void on_listener_output(core::ProcessId id, std::string_view bytes) noexcept = 0;
};

/// One run of one process: its pipes and its open logs. Made before the spawn, destroyed after its
/// exit was dealt with. `process` outlives it (a group is removed only when it has stopped).
class Child final : public OutputConsumer, public OutputEvents {
 public:
  struct Logs {
    std::unique_ptr<LogSink> out;
    std::unique_ptr<LogSink> err;  ///< unset when stderr is redirected
  };

  Child(const core::Process& process, Logs logs, bool strip_ansi, ChildObserver& observer,
        ActivityLog& log);
  ~Child() override;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Attaches the pipes; once, before the spawn.
  void attach(std::unique_ptr<ChildIo> io) { io_ = std::move(io); }
  [[nodiscard]] ChildIo& io() { return *io_; }

  /// The spawn succeeded: reads from here on.
  void started(pid_t pid) noexcept;

  /// The process was reaped: takes its last words and flushes the filters.
  void finish() noexcept;

  void reopen_logs() noexcept;
  Result<void> clear_logs() noexcept;

  /// What this run added to the logs, or since they were emptied.
  struct LogBytes {
    std::uint64_t out = 0;
    std::uint64_t err = 0;
  };
  [[nodiscard]] LogBytes log_bytes() const noexcept;

  /// Puts a line of the daemon's own into the child's error log ("supervisor: couldn't exec ...").
  void write_to_error_log(std::string_view text) noexcept;

 private:
  void on_output(core::Channel channel, std::string_view bytes) noexcept override;
  void on_log_data(core::Channel channel, std::string_view data) noexcept override;
  void on_captured(core::Channel channel, std::string_view data) noexcept override;

  const core::Process& process_;
  ChildObserver& observer_;
  pid_t pid_ = 0;
  OutputChannel out_;
  std::unique_ptr<OutputChannel> err_;
  std::unique_ptr<ChildIo> io_;  ///< last: its pipes call into the channels
};

}  // namespace sv::shell
