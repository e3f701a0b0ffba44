#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "shell/http_target.h"
#include "shell/notice_sink.h"
#include "shell/uv/async.h"
#include "shell/uv/loop.h"
#include "shell/uv/stream.h"

namespace sv::shell {

/// http=: posts each notice, in order, one at a time, until it is taken (any 2xx). What was refused
/// for good (4xx but 408 and 429) is dropped and said; for everything else it tries again, with
/// growing pauses. What waits is kept in memory, bounded; the oldest goes first.
class HttpSink final : public NoticeSink, private uv::StreamOwner {
 public:
  static constexpr std::size_t kMostWaiting = 256;
  static constexpr std::size_t kMostWaitingBytes = std::size_t{1024} * 1024;
  static constexpr std::size_t kMostAnswer = std::size_t{64} * 1024;
  static constexpr std::chrono::seconds kPatience{10};  ///< for one request
  static constexpr std::chrono::seconds kFirstPause{1};
  static constexpr std::chrono::seconds kLongestPause{60};

  /// `header`: one more line of the request, "Name: value"; empty: none. `changed` is called when
  /// deadline() did by itself. References outlive the sink.
  [[nodiscard]] static Result<std::unique_ptr<HttpSink>> create(uv::Loop& loop, ActivityLog& log,
                                                                const Clock& clock,
                                                                HttpTarget target,
                                                                std::string header,
                                                                std::function<void()> changed);

  void send(const navi::Notice& notice, const std::string& json) noexcept override;
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return deadline_; }
  void deadline_reached(Now now) noexcept override;

 private:
  HttpSink(uv::Loop& loop, ActivityLog& log, const Clock& clock, HttpTarget target,
           std::string header, std::function<void()> changed);

  // StreamOwner
  void on_bytes(std::string_view bytes) override;
  void on_closed(const std::optional<Error>& error) override;

  void begin() noexcept;
  [[nodiscard]] Result<void> post(const std::string& json);
  void answered();
  void delivered();
  void try_later(const std::string& problem);

  uv::Loop& loop_;
  ActivityLog& log_;
  const Clock& clock_;
  HttpTarget target_;
  std::string header_;
  std::function<void()> changed_;
  std::deque<std::string> waiting_;  ///< the first is being sent
  std::size_t waiting_bytes_ = 0;
  std::size_t dropped_ = 0;
  std::string answer_;
  std::unique_ptr<uv::Stream> stream_;  ///< while a request is under way
  std::optional<uv::Async> go_on_;      ///< begins the next outside of the stream's callbacks
  std::optional<MonoTime> deadline_;    ///< of the request, or of the pause
  std::chrono::seconds pause_{0};       ///< zero: the last one was taken
};

}  // namespace sv::shell
