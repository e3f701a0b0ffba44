#pragma once

#include <functional>

#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// Watches one descriptor, level-triggered. Does not own it: destroy the Poll (or stop() it)
/// before closing the descriptor.
class Poll {
 public:
  /// What is possible now. A descriptor in error is reported as both, so that the owner learns the
  /// reason from its next read or write.
  struct Ready {
    bool readable = false;
    bool writable = false;
  };
  using Callback = std::function<void(Ready)>;

  enum class Interest { readable, writable, both };

  Poll() noexcept = default;

  /// Makes `fd` non-blocking, for every process that shares its open file description. Fails for
  /// regular files (EPERM), which are always ready.
  [[nodiscard]] static Result<Poll> create(Loop& loop, int fd, Callback on_ready);

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
