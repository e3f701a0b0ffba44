#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"
#include "shell/http_answer.h"
#include "shell/log_follower.h"
#include "shell/log_tails.h"

namespace sv::shell {

/// A log as it grows; never ends.
class LogStream final : public StreamSource, private LogTails::Reader {
 public:
  /// `tails` outlives the stream.
  LogStream(LogFollower follower, LogSource source, LogTails& tails);
  ~LogStream() override;

  void begin(std::function<void()> wake) override;
  [[nodiscard]] std::string next(std::size_t limit) override { return follower_.next(limit); }
  [[nodiscard]] bool ended() const override { return false; }

 private:
  void on_log_grown() override { wake_(); }

  LogFollower follower_;
  LogSource source_;
  LogTails& tails_;
  std::function<void()> wake_;
};

/// A log as it is now, its last bytes or all of it; ends where the file ended when it was opened.
class LogSnapshot final : public StreamSource {
 public:
  /// Regular files only. Without `last_bytes` the whole file.
  [[nodiscard]] static Result<std::unique_ptr<LogSnapshot>> open(
      const std::string& path, std::optional<std::uint64_t> last_bytes);

  void begin(std::function<void()> /*wake*/) override {}
  [[nodiscard]] std::string next(std::size_t limit) override;
  [[nodiscard]] bool ended() const override { return offset_ >= end_; }

 private:
  LogSnapshot(UniqueFd file, std::uint64_t offset, std::uint64_t end);

  UniqueFd file_;
  std::uint64_t offset_;
  std::uint64_t end_;
};

}  // namespace sv::shell
