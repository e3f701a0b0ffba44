#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace sv::navi {

/// Notices that could not be written yet. Bounded; retries with growing pauses, for which it tells
/// a deadline, since it has no clock of its own.
///
/// Order is kept: while something waits, what is new waits behind it. When the queue is full the
/// oldest notice is dropped and counted; once writing works again the count is written as a notice
/// of kind "lost". Callers that can refuse work ask has_room() first and lose nothing.
class NoticeQueue {
 public:
  static constexpr std::size_t kMaxNotices = 256;
  static constexpr std::size_t kMaxBytes = std::size_t{1024} * 1024;
  static constexpr std::chrono::seconds kFirstPause{1};
  static constexpr std::chrono::seconds kLongestPause{60};

  /// Writes one notice; returns its path. NoticeWriter::write in the programs.
  using Write = std::function<Result<std::string>(const std::string& content, WallTime now)>;

  explicit NoticeQueue(Write write) : write_(std::move(write)) {}

  /// Whether a notice of this size can be kept without dropping another.
  [[nodiscard]] bool has_room(std::size_t bytes) const;

  /// Adds a notice; drops the oldest ones if there is no room. One that is larger than the queue by
  /// itself is kept while it is alone.
  void push(std::string content);

  /// What one attempt to write came to.
  struct Report {
    std::deque<std::string> written;  ///< paths, in order
    std::optional<Error> error;       ///< why it stopped; what is left waits until deadline()
  };

  /// Writes everything that waits, until the first failure. A caller may come before the deadline,
  /// for example because something new arrived.
  [[nodiscard]] Report flush(Now now);

  /// When flush() should be called again; nullopt: nothing waits.
  [[nodiscard]] std::optional<MonoTime> deadline() const { return deadline_; }

  [[nodiscard]] std::size_t size() const { return notices_.size(); }
  [[nodiscard]] bool empty() const { return notices_.empty(); }

  /// Dropped and not yet told in a notice.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  bool write_front(Now now, Report& report);

  Write write_;
  std::deque<std::string> notices_;
  std::size_t bytes_ = 0;
  std::uint64_t dropped_ = 0;
  std::optional<MonoTime> deadline_;
  Duration pause_{};  ///< before the next attempt; zero while writing works
};

}  // namespace sv::navi
