#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "base/unique_fd.h"
#include "shell/drop_report.h"
#include "shell/log_sink.h"

namespace sv::shell {

/// The system log as datagrams to its socket (supervisor-config, 10 and 14.3), without libc's
/// syslog() and its process-wide state. Never blocks; connects when there is something to send and
/// again after the other side was restarted.
class SyslogSocket {
 public:
  /// A longer text is cut: servers do not take more.
  static constexpr std::size_t kMaxText = std::size_t{8} * 1024;

  /// `ident` names the program.
  explicit SyslogSocket(std::string ident, std::string path = "/dev/log");

  /// Sends one line with facility user, priority info and the local time. Returns 0 or an errno
  /// value.
  [[nodiscard]] int send(std::string_view text, WallTime when);

 private:
  [[nodiscard]] int connect();

  std::string ident_;
  std::string path_;
  UniqueFd fd_;
};

/// Sends a channel's lines, each with the process name before it. A line that a read has cut is
/// completed first; bytes that are not UTF-8 are sent as they are.
class SyslogSink final : public LogSink {
 public:
  /// The references outlive the sink.
  SyslogSink(SyslogSocket& socket, ActivityLog& log, const Clock& clock, std::string process,
             std::string label);
  ~SyslogSink() override;

  void write(std::string_view bytes) noexcept override;

 private:
  void send_lines(std::string_view lines);
  void send_line(std::string_view line);

  SyslogSocket& socket_;
  const Clock& clock_;
  std::string process_;
  std::string partial_;  ///< begin of a line; at most SyslogSocket::kMaxText
  DropReport drops_;
};

}  // namespace sv::shell
