#include "shell/uv/poll.h"

namespace sv::shell::uv {

tl::expected<Poll, int> Poll::try_create(Loop& loop, int fd, Callback on_ready) {
  auto block = std::make_unique<Block>();
  block->callback = std::move(on_ready);
  if (const int rc = uv_poll_init(loop.raw(), &block->handle, fd); rc != 0) {
    return tl::unexpected(-rc);
  }
  Poll poll;
  poll.block_ = own_handle(std::move(block));
  return poll;
}

Result<Poll> Poll::create(Loop& loop, int fd, Callback on_ready) {
  tl::expected<Poll, int> poll = try_create(loop, fd, std::move(on_ready));
  if (!poll) {
    return fail_errno(poll.error(), "cannot watch a descriptor");
  }
  return std::move(*poll);
}

void Poll::start(Interest interest) noexcept {
  int events = 0;
  switch (interest) {
    case Interest::readable:
      events = UV_READABLE;
      break;
    case Interest::writable:
      events = UV_WRITABLE;
      break;
    case Interest::both:
      events = UV_READABLE | UV_WRITABLE;
      break;
    case Interest::urgent:
      events = UV_PRIORITIZED;
      break;
  }
  const auto trampoline = [](uv_poll_t* handle, int status, int ready) {
    auto* block = block_of<Block>(handle);
    if (block == nullptr) {
      return;
    }
    // An error makes libuv stop the handle and report no events.
    const bool failed = status < 0;
    guarded(handle->loop, [&] {
      block->callback({.readable = failed || (ready & UV_READABLE) != 0,
                       .writable = failed || (ready & UV_WRITABLE) != 0,
                       .urgent = (ready & UV_PRIORITIZED) != 0,
                       .failed = failed});
    });
  };
  uv_poll_start(&block_->handle, events, trampoline);
}

void Poll::stop() noexcept {
  if (block_ != nullptr) {
    uv_poll_stop(&block_->handle);
  }
}

}  // namespace sv::shell::uv
