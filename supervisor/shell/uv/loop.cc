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
  return loop;
}

Loop::~Loop() {
  if (!initialised_) {
    return;
  }
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
