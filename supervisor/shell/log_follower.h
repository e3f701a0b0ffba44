#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace sv::shell {

/// Reads what is appended to one log file, for one client (supervisor-protocol, 2.7). Goes on in
/// the new file after a rotation or a clear, and says so when the file was truncated in place.
/// Never blocks: regular files only. Decides nothing about when to read.
class LogFollower {
 public:
  /// A client starts this far before the end unless it asks for something else.
  static constexpr std::uint64_t kFirstBytes = 1024;

  /// Opens the file. not_found when there is none; invalid_argument for what is not a regular file.
  [[nodiscard]] static Result<LogFollower> open(std::string path,
                                                std::uint64_t first_bytes = kFirstBytes);

  /// The next bytes, at most `limit`; empty when there is nothing new.
  [[nodiscard]] std::string next(std::size_t limit);

  /// When the file was last written to, for Last-Modified. Seconds since the epoch.
  [[nodiscard]] std::int64_t modified() const { return modified_; }

 private:
  LogFollower(std::string path, UniqueFd file);
  [[nodiscard]] bool reopened();

  std::string path_;
  UniqueFd file_;
  std::uint64_t offset_ = 0;
  std::int64_t modified_ = 0;
};

}  // namespace sv::shell
