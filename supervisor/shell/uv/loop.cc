#include "shell/uv/loop.h"

#include <cstdlib>

#include "shell/uv/handle.h"

namespace sv::shell::uv {

Result<std::unique_ptr<Loop>> Loop::create() {
  std::unique_ptr<Loop> loop(new Loop);
  if (const int rc = uv_loop_init(&loop->loop_); rc != 0) {
    return fail_uv(rc, "cannot create an event loop");
  }
  loop->initialised_ = true;
  loop->loop_.data = loop.get();
  // How long to wait is reckoned from the loop's "now", which is as old as the turn: without this
  // a turn that took long would make all timers late by as much (Timer::arm leaves "now" alone).
  uv_prepare_init(&loop->loop_, &loop->before_waiting_);  // cannot fail, nor can the start
  uv_prepare_start(&loop->before_waiting_,
                   [](uv_prepare_t* handle) { uv_update_time(handle->loop); });
  uv_unref(reinterpret_cast<uv_handle_t*>(&loop->before_waiting_));
  return loop;
}

Loop::~Loop() {
  if (!initialised_) {
    return;
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&before_waiting_), nullptr);
  // Handles that are closing are delivered in the first turn. One that is still open would make
  // an unbounded run wait for it, so turns are counted.
  constexpr int kTurns = 16;
  int rc = UV_EBUSY;
  for (int turn = 0; turn < kTurns && rc == UV_EBUSY; ++turn) {
    uv_run(&loop_, UV_RUN_NOWAIT);
    rc = uv_loop_close(&loop_);
  }
  if (rc != 0) {
    std::abort();
  }
}

void Loop::report_fault(std::string_view text) noexcept {
  try {
    if (fault_hook_) {
      fault_hook_(text);
    }
  } catch (...) {  // reporting failed as well; carrying on is all that is left
  }
}

void Loop::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
}

void Loop::run_once(Wait wait) {
  uv_run(&loop_, wait == Wait::no ? UV_RUN_NOWAIT : UV_RUN_ONCE);
}

void report_fault(uv_loop_t* loop, std::string_view text) noexcept {
  static_cast<Loop*>(loop->data)->report_fault(text);
}

}  // namespace sv::shell::uv
