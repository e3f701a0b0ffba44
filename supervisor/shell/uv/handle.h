#pragma once

#include <uv.h>

#include <exception>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

/// RAII over libuv. The rules all wrappers share:
///
/// - libuv keeps a handle until its close callback has run, and handles must not move. So a handle
///   lives in a heap block together with the callback that serves it, and HandlePtr closes first
///   and frees inside the close callback. The wrappers themselves are movable values.
/// - A callback may destroy its owner, itself included: the block (and thus the callback's
///   captures) lives until the loop delivers the close.
/// - Nothing unwinds through C: every trampoline calls user code through guarded(), which reports
///   an exception to the loop's fault hook and carries on.
/// - Wrappers are destroyed before their Loop.
namespace sv::shell::uv {

/// Deleter that closes first and frees inside the close callback. `B` begins with its libuv handle,
/// a member called `handle`.
template <class B>
struct CloseThenFree {
  void operator()(B* block) const noexcept {
    auto* base = reinterpret_cast<uv_handle_t*>(&block->handle);
    base->data = nullptr;  // tells a callback under way that its owner is gone
    uv_close(base, [](uv_handle_t* closed) {
      // `handle` is the first member of the block.
      delete reinterpret_cast<B*>(closed);
    });
  }
};

template <class B>
using HandlePtr = std::unique_ptr<B, CloseThenFree<B>>;

/// Takes over a block whose handle has been initialised: from here on it must be closed.
template <class B>
[[nodiscard]] HandlePtr<B> own_handle(std::unique_ptr<B> block) noexcept {
  block->handle.data = block.get();
  return HandlePtr<B>(block.release());
}

/// The block of a handle in a callback; nullptr when its owner is gone.
template <class B, class H>
[[nodiscard]] B* block_of(H* handle) noexcept {
  return static_cast<B*>(handle->data);
}

/// Reports text to the fault hook of the Loop behind a libuv loop (loop.cc).
void report_fault(uv_loop_t* loop, std::string_view text) noexcept;

/// Runs `action`; whatever it throws is reported and swallowed.
template <class F>
void guarded(uv_loop_t* loop, F&& action) noexcept {
  try {
    std::forward<F>(action)();
  } catch (const std::exception& error) {
    report_fault(loop, error.what());
  } catch (...) {
    report_fault(loop, "exception of unknown type");
  }
}

/// Error for a negative libuv return code, which is a negated errno on Linux.
[[nodiscard]] inline tl::unexpected<Error> fail_uv(int rc, std::string_view what) {
  return fail_errno(-rc, what);
}

}  // namespace sv::shell::uv
