#pragma once

#include <functional>

#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// Watches one descriptor, level-triggered. Does not own it: destroy the Poll (or stop() it)
/// before closing the descriptor.
class Poll {
 public:
  /// What is possible now.
  struct Ready {
    bool readable = false;
    bool writable = false;
    bool urgent = false;  ///< POLLPRI: what that means is the descriptor's business
    /// The descriptor is in error (a pipe without reader, a reset connection): the other two are
    /// set as well, so that the next read or write tells the reason. Watching has stopped.
    bool failed = false;
  };
  using Callback = std::function<void(Ready)>;

  enum class Interest { readable, writable, both, urgent };

  Poll() noexcept = default;

  /// Makes `fd` non-blocking, for every process that shares its open file description. Fails for
  /// regular files (EPERM), which are always ready.
  [[nodiscard]] static Result<Poll> create(Loop& loop, int fd, Callback on_ready);

  /// create() for callers with a text of their own: the error is an errno value.
  [[nodiscard]] static tl::expected<Poll, int> try_create(Loop& loop, int fd, Callback on_ready);

  [[nodiscard]] explicit operator bool() const noexcept { return block_ != nullptr; }

  /// Starts watching, or changes what is watched. Costs two system calls.
  void start(Interest interest) noexcept;
  void stop() noexcept;

  /// Stops and forgets the descriptor.
  void reset() noexcept { block_.reset(); }

 private:
  struct Block {
    uv_poll_t handle;
    Callback callback;
  };
  HandlePtr<Block> block_;
};

}  // namespace sv::shell::uv
