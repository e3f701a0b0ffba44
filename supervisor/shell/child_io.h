#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "base/unique_fd.h"
#include "os/child_plan.h"
#include "shell/output_pipe.h"

namespace sv::shell {

/// What became of bytes for a child's stdin.
enum class StdinResult {
  accepted,  ///< written, or queued
  closed,    ///< the child closed its end, or has no stdin channel
  full,      ///< would exceed ChildIo::kStdinLimit; nothing was taken
};

/// The pipes of one live child. The daemon ignores SIGPIPE. Create before the spawn, start() after
/// it, destroy when the child's end has been dealt with (which also closes pipes that grandchildren
/// still hold).
class ChildIo {
 public:
  /// Bytes queued for a child that does not read its stdin.
  static constexpr std::size_t kStdinLimit = std::size_t{1024} * 1024;

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

  explicit ChildIo(OutputHub& hub);
  [[nodiscard]] int make_stdin(std::optional<int> socket);
  struct Sent {
    std::size_t bytes = 0;
    bool broken = false;
  };
  [[nodiscard]] Sent send(std::string_view bytes) const noexcept;
  [[nodiscard]] bool queue_stdin();
  void on_stdin_ready();

  OutputHub& hub_;
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
