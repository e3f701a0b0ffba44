#pragma once

#include <functional>

#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// "Go on with this later": schedules its callback for the next turn of the loop, after other
/// descriptors had theirs. Several posts before that make one call. Does not keep the loop alive.
class Async {
 public:
  using Callback = std::function<void()>;

  Async() noexcept = default;
  [[nodiscard]] static Result<Async> create(Loop& loop, Callback on_turn);

  void post() noexcept;

 private:
  struct Block {
    uv_async_t handle;
    Callback callback;
  };
  HandlePtr<Block> block_;
};

}  // namespace sv::shell::uv
