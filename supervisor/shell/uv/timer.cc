#include "shell/uv/timer.h"

namespace sv::shell::uv {

Timer::Timer(Loop& loop, Callback on_due) {
  auto block = std::make_unique<Block>();
  block->callback = std::move(on_due);
  uv_timer_init(loop.raw(), &block->handle);  // cannot fail
  block_ = own_handle(std::move(block));
}

void Timer::arm(Duration delay) noexcept {
  uv_loop_t* loop = block_->handle.loop;
  // libuv knows only whole milliseconds, both of "now" and of the wait. Its clock is rounded down,
  // so the end is computed exactly and rounded up: then the loop's "now" passes it no earlier than
  // real time does.
  uv_update_time(loop);
  const Duration end = Duration(std::chrono::nanoseconds(uv_hrtime())) + delay;
  const auto end_ms = std::chrono::ceil<std::chrono::milliseconds>(end).count();
  const auto now_ms = static_cast<std::int64_t>(uv_now(loop));
  const bool waits = delay > Duration::zero() && end_ms > now_ms;
  const auto wait_ms = static_cast<std::uint64_t>(waits ? end_ms - now_ms : 0);
  const auto trampoline = [](uv_timer_t* handle) {
    if (auto* block = block_of<Block>(handle)) {
      guarded(handle->loop, block->callback);
    }
  };
  uv_timer_start(&block_->handle, trampoline, wait_ms, 0);
}

void Timer::stop() noexcept {
  if (block_ != nullptr) {
    uv_timer_stop(&block_->handle);
  }
}

bool Timer::armed() const noexcept {
  return block_ != nullptr && uv_is_active(reinterpret_cast<const uv_handle_t*>(&block_->handle));
}

}  // namespace sv::shell::uv
