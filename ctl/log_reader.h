#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ctl/session.h"

namespace sv::ctl {

/// One of the two logs of a process.
struct LogName {
  std::string process;  ///< as typed or as status shows it
  bool is_stderr = false;

  [[nodiscard]] std::string_view channel() const { return is_stderr ? "stderr" : "stdout"; }
};

/// The end of a log, and how long the whole of it was at that moment.
struct LogEnd {
  std::string text;
  std::int64_t log_bytes = 0;
};

/// Bytes are asked for in growing pieces, up to this.
inline constexpr std::int64_t kMostLogBytes = std::int64_t{64} * 1024 * 1024;

/// The last `bytes`, as text. A log that does not exist is empty.
[[nodiscard]] Outcome<LogEnd> read_log_end(Session& session, const LogName& log,
                                           std::int64_t bytes);

/// As much as holds the last `lines`, and most likely more.
[[nodiscard]] Outcome<LogEnd> read_lines_end(Session& session, const LogName& log,
                                             std::size_t lines);

}  // namespace sv::ctl
