#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sv::config {

/// When pressure on memory is worth a notice: so much of each window was lost waiting for it.
struct PressureThreshold {
  bool full = false;  ///< all tasks waited, not just some
  std::chrono::microseconds stall{};
  std::chrono::microseconds window{};

  friend bool operator==(const PressureThreshold&, const PressureThreshold&) = default;
};

/// [navi]: the built-in notifier (docs/notifications.md).
struct NaviConfig {
  std::optional<std::string> output;  ///< directory of the files; unset: no files
  /// Events that become a notice even if nothing is wrong: names as in an [eventlistener:x] that
  /// runs navi, in upper case, sorted. Empty: crashes, programs given up, and want of memory.
  std::vector<std::string> events;
  std::size_t max_files = 1000;                  ///< 0: no limit
  std::uint64_t max_bytes = 8ULL * 1024 * 1024;  ///< 0: no limit
  int rate_limit = 30;                           ///< of one program in rate_window; 0: none
  std::chrono::seconds rate_window{600};
  std::size_t tail_bytes = 4096;  ///< of what a program wrote last, per channel
  bool sync = false;              ///< a notice gets its name when the disk has it

  std::string exec;  ///< command that gets each notice on standard input; empty: none
  std::chrono::seconds exec_timeout{10};
  std::string http;  ///< http://host[:port]/path or unix:///socket that notices are posted to
  std::string http_header;      ///< "Name: value" sent along
  std::string termination_log;  ///< Kubernetes' file for the last words; empty: none
  bool stderr_line = false;     ///< a line for people on standard error
  std::optional<PressureThreshold> pressure;

  /// Whether anything is to be told to anybody.
  [[nodiscard]] bool is_on() const {
    return output || !exec.empty() || !http.empty() || !termination_log.empty() || stderr_line;
  }

  friend bool operator==(const NaviConfig&, const NaviConfig&) = default;
};

}  // namespace sv::config
