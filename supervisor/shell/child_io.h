#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "base/unique_fd.h"
#include "core/event.h"
#include "os/child_plan.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"
#include "shell/uv/timer.h"

namespace sv::shell {

/// Receives what one child writes. With redirected stderr everything is standard_output.
/// Must not destroy the ChildIo it is called from.
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
/// every ChildIo.
///
/// Reading policy. A program that writes many short lines wakes its reader for each of them, and
/// the wake-ups are the cost. So after a read that came soon after the last one and found little,
/// the pipe is left alone for kPause and the kernel collects the lines; the one timer here then
/// reads all pipes whose pause is over. A line that comes alone is read at once. A pipe must never
/// fill because of that: a read that finds more than half of it ends the pausing, and a pipe that
/// proves busy is enlarged to kBusyPipeSize.
class OutputHub {
 public:
  static constexpr std::size_t kBufferSize = 256 * 1024;
  static constexpr std::size_t kBytesPerTurn = 1024 * 1024;  ///< per pipe, then others' turn
  static constexpr int kBusyPipeSize = 1024 * 1024;
  static constexpr std::chrono::milliseconds kPause{2};
  /// Two reads closer together than this are "soon after each other".
  static constexpr std::chrono::milliseconds kSoon{3};

  explicit OutputHub(uv::Loop& loop);
  OutputHub(const OutputHub&) = delete;
  OutputHub& operator=(const OutputHub&) = delete;
  ~OutputHub();

  [[nodiscard]] uv::Loop& loop() noexcept { return loop_; }

 private:
  friend class OutputPipe;

  void pause(OutputPipe& pipe, std::uint64_t due_ms);
  void forget(OutputPipe& pipe) noexcept;
  void on_pause_over();
  void arm() noexcept;

  uv::Loop& loop_;
  std::unique_ptr<char[]> buffer_;
  std::vector<OutputPipe*> paused_;  ///< nullptr: forgotten while the list was being walked
  uv::Timer timer_;
};

/// What became of bytes for a child's stdin.
enum class StdinResult {
  accepted,  ///< written, or queued
  closed,    ///< the child closed its end, or has no stdin channel
  full,      ///< would exceed ChildIo::kStdinLimit; nothing was taken
};

/// The pipes of one live child. Create before the spawn, start() after it, destroy when the child's
/// end has been dealt with (which also closes pipes that grandchildren still hold).
class ChildIo {
 public:
  /// Bytes queued for a child that does not read its stdin.
  static constexpr std::size_t kStdinLimit = 1024 * 1024;

  struct Options {
    bool redirect_stderr = false;
    /// FastCGI: a listening socket that becomes the child's stdin. Borrowed until start(). There
    /// is no stdin channel then.
    std::optional<int> stdin_socket;
  };

  /// Makes the pipes, all close-on-exec, our ends non-blocking. The error is an errno value
  /// (EMFILE, ENFILE, ENOMEM). `consumer` outlives the ChildIo.
  [[nodiscard]] static tl::expected<std::unique_ptr<ChildIo>, int> create(OutputHub& hub,
                                                                          OutputConsumer& consumer,
                                                                          const Options& options);
  ChildIo(const ChildIo&) = delete;
  ChildIo& operator=(const ChildIo&) = delete;
  ~ChildIo();

  /// Enters the child's ends into the plan; they are borrowed from here until start().
  void fill(os::ChildPlan& plan) const;

  /// After a successful spawn: closes the child's ends and starts reading. Cannot fail. (After a
  /// failed spawn just destroy the object.)
  void start() noexcept;

  /// Reads what the child wrote until now, without waiting for EOF: a grandchild may hold the pipe
  /// for ever. Called when the child was reaped, before its exit is fed to the core.
  void drain() noexcept;

  [[nodiscard]] StdinResult write_stdin(std::string_view bytes);

  /// Lets the child see the end of its input after what is queued.
  void close_stdin() noexcept;

  [[nodiscard]] std::size_t queued_stdin_bytes() const noexcept;

 private:
  struct Stdin;
  ChildIo(OutputHub& hub, OutputConsumer& consumer);

  OutputHub& hub_;
  OutputConsumer& consumer_;
  UniqueFd child_stdin_;
  UniqueFd child_stdout_;
  UniqueFd child_stderr_;
  int borrowed_stdin_ = -1;
  std::unique_ptr<OutputPipe> stdout_;
  std::unique_ptr<OutputPipe> stderr_;
  UniqueFd stdin_;
  std::unique_ptr<Stdin> stdin_queue_;  ///< only while bytes are queued
};

}  // namespace sv::shell
