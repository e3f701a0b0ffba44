#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "shell/uv/poll.h"

namespace sv::shell::uv {

/// Receives what happens on a Stream. Every callback may destroy the stream.
class StreamOwner {
 public:
  virtual ~StreamOwner() = default;

  /// Bytes of the peer; valid during the call only.
  virtual void on_bytes(std::string_view bytes) = 0;

  /// The kernel has taken the last of what write() had to queue. Not called for writes that were
  /// taken at once; see unsent_bytes().
  virtual void on_sent() {}

  /// The last callback: the peer has closed (no error), or the connection failed. Bytes still
  /// unsent are lost. A peer that only half-closes is treated as gone unless bytes are unsent;
  /// then those are sent first.
  virtual void on_closed(const std::optional<Error>& error) = 0;
};

/// A connected stream socket: reads as bytes come, writes through a queue.
///
/// Nothing is called back from inside of write() or finish(); errors found there are reported on a
/// later turn of the loop. Limits and timeouts are the owner's: the queue takes what it is given
/// (see unsent_bytes()), and a peer that never closes after finish() stays until the stream is
/// destroyed.
class Stream {
 public:
  /// Starts reading at once. Reads at most this many bytes per turn of the loop.
  static constexpr std::size_t kReadSize = std::size_t{64} * 1024;

  [[nodiscard]] static Result<std::unique_ptr<Stream>> create(Loop& loop, UniqueFd socket,
                                                              StreamOwner& owner);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() = default;

  /// Sends what the kernel takes now and queues the rest. Ignored after finish() or an error.
  void write(std::string bytes);

  /// Bytes accepted by write() and not yet by the kernel.
  [[nodiscard]] std::size_t unsent_bytes() const noexcept { return queue_.size() - sent_; }

  /// No more writes: sends what is queued, closes our direction, then reads and drops what the
  /// peer still sends (so that its kernel does not throw our answer away) until it closes.
  void finish();

  /// Stops and resumes reading, for owners that are not ready for more.
  void pause_reading();
  void resume_reading();

  [[nodiscard]] int fd() const noexcept { return socket_.get(); }

 private:
  Stream(UniqueFd socket, StreamOwner& owner);
  void on_ready(Poll::Ready ready);
  void receive();
  void send_queued();
  void half_close_if_done();
  void close_with(int err);
  void update_interest();
  [[nodiscard]] bool wants_read() const noexcept;
  [[nodiscard]] bool wants_write() const noexcept;

  enum class Output { open, finishing, closed };

  UniqueFd socket_;
  StreamOwner& owner_;
  std::string queue_;
  std::size_t sent_ = 0;  ///< prefix of queue_ the kernel has taken
  Output output_ = Output::open;
  bool reading_ = true;
  bool peer_closed_ = false;
  int send_error_ = 0;
  Poll poll_;
};

}  // namespace sv::shell::uv
