#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/unique_fd.h"
#include "core/event.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"
#include "shell/uv/timer.h"

namespace sv::shell {

/// Receives what one child writes. With redirected stderr everything is standard_output.
/// Must not destroy the pipe it is called from.
class OutputConsumer {
 public:
  virtual ~OutputConsumer() = default;

  /// Bytes as read, valid during the call only. Chunk borders mean nothing.
  virtual void on_output(core::Channel channel, std::string_view bytes) noexcept = 0;

  /// The last writer closed its end; the channel stays silent from here on.
  virtual void on_output_closed(core::Channel /*channel*/) noexcept {}
};

class OutputPipe;

/// What all children's pipes share: one read buffer and one pause timer. One per daemon; outlives
/// every pipe.
///
/// Reading policy. A program that writes many short lines wakes its reader for each of them, and
/// the wake-ups are the cost. So after a read that came soon after the last one and found little,
/// the pipe is left alone for kPauseMs and the kernel collects the lines; the one timer here then
/// reads all pipes whose pause is over. A line that comes alone is read at once. A pipe must never
/// fill because of that: a read that finds more than half of it halves the pause, down to none,
/// and enlarges the pipe to kBusyPipeSize once.
class OutputHub {
 public:
  static constexpr std::size_t kBufferSize = std::size_t{256} * 1024;
  static constexpr std::size_t kBytesPerTurn =
      std::size_t{1024} * 1024;  ///< per pipe, then others' turn
  static constexpr int kBusyPipeSize = 1024 * 1024;
  static constexpr int kPauseMs = 2;           ///< the loop adds up to one more
  static constexpr std::uint64_t kSoonMs = 3;  ///< reads this close are "soon after each other"

  explicit OutputHub(uv::Loop& loop);
  OutputHub(const OutputHub&) = delete;
  OutputHub& operator=(const OutputHub&) = delete;
  ~OutputHub();

  [[nodiscard]] uv::Loop& loop() noexcept { return loop_; }

 private:
  friend class OutputPipe;

  [[nodiscard]] std::uint64_t now_ms() noexcept { return uv_now(loop_.raw()); }
  void pause(OutputPipe& pipe) noexcept;
  /// Makes room for one more pipe, so that pausing never has to allocate.
  void expect_one_more();
  void expect_one_less() noexcept { --pipes_; }
  /// Does not call it again; a pipe is forgotten when it closes and when it is destroyed.
  void forget(const OutputPipe& pipe) noexcept;
  void on_timer();
  void arm(std::uint64_t due_ms) noexcept;

  uv::Loop& loop_;
  std::unique_ptr<char[]> buffer_;
  std::size_t pipes_ = 0;
  std::vector<OutputPipe*> paused_;
  std::vector<OutputPipe*> due_;  ///< being served; nullptr: destroyed meanwhile
  std::uint64_t armed_for_ms_ = 0;
  uv::Timer timer_;
};

/// Our end of one output pipe of a child.
class OutputPipe {
 public:
  /// Takes the read end, which becomes non-blocking. The error is an errno value.
  [[nodiscard]] static tl::expected<std::unique_ptr<OutputPipe>, int> create(
      OutputHub& hub, OutputConsumer& consumer, core::Channel channel, UniqueFd read_end);
  OutputPipe(const OutputPipe&) = delete;
  OutputPipe& operator=(const OutputPipe&) = delete;
  ~OutputPipe();

  /// Begins to read whenever there is something.
  void start() noexcept { poll_.start(uv::Poll::Interest::readable); }

  /// Reads what is there now: until the pipe is empty, but no more than it can hold, because a
  /// grandchild may go on writing.
  void drain() noexcept;

 private:
  friend class OutputHub;

  OutputPipe(OutputHub& hub, OutputConsumer& consumer, core::Channel channel, UniqueFd read_end);
  void on_readable();
  void on_pause_over();
  [[nodiscard]] std::size_t read_up_to(std::size_t limit) noexcept;
  void adapt(std::size_t found) noexcept;
  void enlarge() noexcept;
  void close() noexcept;

  OutputHub& hub_;
  OutputConsumer& consumer_;
  UniqueFd fd_;
  core::Channel channel_;
  std::uint32_t capacity_ = 64 * 1024;  ///< of the pipe, as far as we know
  std::uint32_t calm_reads_ = 0;        ///< since the pipe was last found more than half full
  std::uint32_t calm_reads_wanted_;     ///< of these before the pause may grow again
  std::uint8_t pause_limit_ms_ = OutputHub::kPauseMs;
  bool enlarged_ = false;
  bool paused_ = false;
  std::uint64_t due_ms_ = 0;        ///< end of the pause
  std::uint64_t last_read_ms_ = 0;  ///< time of the last read that found something
  uv::Poll poll_;
};

}  // namespace sv::shell
