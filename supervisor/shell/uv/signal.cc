#include "shell/uv/signal.h"

#include "base/signals.h"
#include "base/text.h"

namespace sv::shell::uv {

Result<Signal> Signal::create(Loop& loop, int number, Callback on_signal) {
  auto block = std::make_unique<Block>();
  block->callback = std::move(on_signal);
  if (const int rc = uv_signal_init(loop.raw(), &block->handle); rc != 0) {
    return fail_uv(rc, "cannot watch signals");
  }
  Signal signal;
  signal.block_ = own_handle(std::move(block));
  const auto trampoline = [](uv_signal_t* handle, int caught) {
    if (auto* owned = block_of<Block>(handle)) {
      guarded(handle->loop, [&] { owned->callback(caught); });
    }
  };
  if (const int rc = uv_signal_start(&signal.block_->handle, trampoline, number); rc != 0) {
    return fail_uv(rc, cat({"cannot watch ", signal_name(number)}));
  }
  return signal;
}

}  // namespace sv::shell::uv
