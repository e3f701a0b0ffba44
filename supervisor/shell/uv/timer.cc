#include "shell/uv/timer.h"

namespace sv::shell::uv {

Timer::Timer(Loop& loop, Callback on_due) {
  auto block = std::make_unique<Block>();
  block->callback = std::move(on_due);
  uv_timer_init(loop.raw(), &block->handle);  // neither can fail
  uv_idle_init(loop.raw(), &block->next_turn);
  block->handle.data = block.get();
  block->next_turn.data = block.get();
  block_.reset(block.release());
}

/// As CloseThenFree, for two handles.
void Timer::Close::operator()(Block* block) const noexcept {
  for (auto* handle : {reinterpret_cast<uv_handle_t*>(&block->handle),
                       reinterpret_cast<uv_handle_t*>(&block->next_turn)}) {
    uv_close(handle, [](uv_handle_t* closed) {
      auto* owner = static_cast<Block*>(closed->data);
      if (++owner->closed == 2) {
        delete owner;
      }
    });
  }
}

void Timer::arm(Duration delay) noexcept {
  stop();
  if (delay <= Duration::zero()) {
    uv_idle_start(&block_->next_turn, [](uv_idle_t* handle) {
      uv_idle_stop(handle);
      guarded(handle->loop, static_cast<Block*>(handle->data)->callback);
    });
    return;
  }
  // libuv knows only whole milliseconds, both of "now" and of the wait. Its clock is rounded down,
  // so the end is computed exactly and rounded up: then the loop's "now" passes it no earlier than
  // real time does. That "now" is the one of the turn's begin and stays (Loop): made newer here, it
  // would make due what other callbacks of this turn have just armed.
  const Duration end = Duration(std::chrono::nanoseconds(uv_hrtime())) + delay;
  const auto end_ms = std::chrono::ceil<std::chrono::milliseconds>(end).count();
  const auto now_ms = static_cast<std::int64_t>(uv_now(block_->handle.loop));
  const auto trampoline = [](uv_timer_t* handle) {
    guarded(handle->loop, static_cast<Block*>(handle->data)->callback);
  };
  uv_timer_start(&block_->handle, trampoline, static_cast<std::uint64_t>(end_ms - now_ms), 0);
}

void Timer::stop() noexcept {
  if (block_ != nullptr) {
    uv_timer_stop(&block_->handle);
    uv_idle_stop(&block_->next_turn);
  }
}

bool Timer::armed() const noexcept {
  return block_ != nullptr &&
         (uv_is_active(reinterpret_cast<const uv_handle_t*>(&block_->handle)) != 0 ||
          uv_is_active(reinterpret_cast<const uv_handle_t*>(&block_->next_turn)) != 0);
}

}  // namespace sv::shell::uv
