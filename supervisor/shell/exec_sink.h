#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "base/wait_status.h"
#include "shell/notice_sink.h"

namespace sv::shell {

/// exec=: a command that gets each notice on standard input. It runs as the daemon does, beside the
/// programs: a few at once, each for a limited time, the others wait, bounded.
class ExecSink final : public NoticeSink {
 public:
  static constexpr std::size_t kMostRunning = 4;
  static constexpr std::size_t kMostWaiting = 256;

  /// `log` and `clock` outlive the sink. `command` is split as a program's is.
  ExecSink(std::string command, std::chrono::seconds time_limit, ActivityLog& log,
           const Clock& clock);
  /// What still runs is killed.
  ~ExecSink() override;

  void send(const navi::Notice& notice, const std::string& json) noexcept override;
  bool child_exited(pid_t pid, WaitStatus status) noexcept override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override;
  void deadline_reached(Now now) noexcept override;

 private:
  void start_waiting() noexcept;
  void start(const std::string& json);
  void complain(const std::string& problem);

  std::string command_;
  std::chrono::seconds time_limit_;
  ActivityLog& log_;
  const Clock& clock_;
  std::deque<std::string> waiting_;
  std::map<pid_t, MonoTime> running_;  ///< until when
  std::size_t dropped_ = 0;
};

}  // namespace sv::shell
