#include "shell/uv/async.h"

namespace sv::shell::uv {

Result<Async> Async::create(Loop& loop, Callback on_turn) {
  auto block = std::make_unique<Block>();
  block->callback = std::move(on_turn);
  const auto trampoline = [](uv_async_t* handle) {
    if (auto* owned = block_of<Block>(handle)) {
      guarded(handle->loop, owned->callback);
    }
  };
  if (const int rc = uv_async_init(loop.raw(), &block->handle, trampoline); rc != 0) {
    return fail_uv(rc, "cannot create a wake-up");
  }
  uv_unref(reinterpret_cast<uv_handle_t*>(&block->handle));
  Async async;
  async.block_ = own_handle(std::move(block));
  return async;
}

void Async::post() noexcept {
  uv_async_send(&block_->handle);
}

}  // namespace sv::shell::uv
