#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/unique_fd.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"

namespace sv::shell {

/// Writes to something that has a reader: a pipe, a terminal, a socket, a FIFO. The reader may be
/// slow or gone and must not stop the daemon: what it does not take at once waits in a buffer of
/// kBufferLimit bytes, and what does not fit there is dropped and counted.
///
/// A regular file or a device like /dev/null is written to directly.
class StreamOutput {
 public:
  static constexpr std::size_t kBufferLimit = std::size_t{256} * 1024;

  /// Takes a descriptor of our own open file description, which is made non-blocking.
  [[nodiscard]] static std::unique_ptr<StreamOutput> own(uv::Loop& loop, UniqueFd fd);

  /// For a descriptor we inherited (1, 2), which stays open. Setting O_NONBLOCK on it would set it
  /// for everybody who shares the open file description (the shell we were started from), so first
  /// an own description is tried through /proc/self/fd, which may be refused after dropping
  /// privileges; failing that, only single writes are made non-blocking.
  [[nodiscard]] static std::unique_ptr<StreamOutput> inherited(uv::Loop& loop, int fd);

  StreamOutput(const StreamOutput&) = delete;
  StreamOutput& operator=(const StreamOutput&) = delete;
  ~StreamOutput();

  /// What became of a write.
  struct Outcome {
    std::size_t dropped = 0;  ///< bytes lost
    int err = 0;              ///< why: EAGAIN (reader too slow), EPIPE, EIO, ENOSPC ...
  };
  Outcome write(std::string_view bytes) noexcept;

  /// Waits up to `limit` for the reader to take what is buffered. At exit only: blocks.
  void flush_for(std::chrono::milliseconds limit) noexcept;

  [[nodiscard]] std::size_t buffered_bytes() const noexcept { return buffer_.size() - sent_; }

 private:
  enum class Method {
    plain,   ///< a file or device without reader: never blocks for long
    stream,  ///< our own description, non-blocking
    socket,  ///< per-call flag
    nowait,  ///< somebody else's pipe: per-call flag (Linux 6.4 and later)
    toggle,  ///< somebody else's description, made non-blocking for the time of each write
  };

  StreamOutput(uv::Loop& loop, UniqueFd owned, int fd, Method method);
  [[nodiscard]] std::size_t send_some(std::string_view bytes, int& err) noexcept;
  [[nodiscard]] std::ptrdiff_t send_once(std::string_view bytes) noexcept;
  [[nodiscard]] std::ptrdiff_t send_toggled(std::string_view bytes) const noexcept;
  void keep(std::string_view rest, Outcome& outcome) noexcept;
  void flush() noexcept;
  void wait_for_reader() noexcept;
  void stop_waiting() noexcept;

  uv::Loop& loop_;
  UniqueFd owned_;
  int fd_;
  Method method_;
  std::string buffer_;
  std::size_t sent_ = 0;  ///< prefix of buffer_ the reader has taken
  Outcome lost_;          ///< from the buffer; reported by the next write
  UniqueFd readiness_;    ///< epoll instance around fd_, see wait_for_reader()
  uv::Poll poll_;
};

/// The inherited descriptors 1 and 2 as outputs, one StreamOutput each however many channels write
/// there. Lives as long as the daemon, so that the last words of a service whose channel is closed
/// still get out.
class StandardOutputs {
 public:
  explicit StandardOutputs(uv::Loop& loop) : loop_(loop) {}

  /// The descriptor a file name stands for: /dev/stdout, /dev/stderr, /dev/fd/N and
  /// /proc/self/fd/N for N of 1 and 2. By name, because opening these fails after dropping
  /// privileges while the descriptor itself goes on working.
  [[nodiscard]] static std::optional<int> descriptor_named(std::string_view path);

  [[nodiscard]] StreamOutput& at(int fd);

  /// See StreamOutput::flush_for; the limit is for both together.
  void flush_for(std::chrono::milliseconds limit) noexcept;

 private:
  uv::Loop& loop_;
  std::map<int, std::unique_ptr<StreamOutput>> outputs_;
};

}  // namespace sv::shell
