#pragma once

#include <functional>

#include "shell/uv/handle.h"
#include "shell/uv/loop.h"

namespace sv::shell::uv {

/// Watches one signal while it exists. Deliveries coalesce: one call means "at least one".
class Signal {
 public:
  using Callback = std::function<void(int number)>;

  Signal() noexcept = default;
  [[nodiscard]] static Result<Signal> create(Loop& loop, int number, Callback on_signal);

 private:
  struct Block {
    uv_signal_t handle;
    Callback callback;
  };
  HandlePtr<Block> block_;
};

}  // namespace sv::shell::uv
