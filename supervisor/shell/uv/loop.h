#pragma once

#include <uv.h>

#include <functional>
#include <memory>
#include <string_view>

#include "base/result.h"

namespace sv::shell::uv {

/// Owns one uv_loop_t. Not movable: every handle refers to it. Single-threaded, like everything.
class Loop {
 public:
  /// Told about exceptions that reached a libuv callback; the loop then carries on.
  using FaultHook = std::function<void(std::string_view)>;

  /// Fails when the system has no descriptors left.
  [[nodiscard]] static Result<std::unique_ptr<Loop>> create();

  /// Delivers all close callbacks, then requires that no handle is left: a wrapper that outlives
  /// its loop aborts the program in every build, because going on would corrupt memory.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void set_fault_hook(FaultHook hook) { fault_hook_ = std::move(hook); }
  void report_fault(std::string_view text) noexcept;

  /// Serves events until stop() is called or no active handle is left.
  void run();

  enum class Wait { no, for_one_event };

  /// Serves what is due now, or waits for something to be due and serves that.
  void run_once(Wait wait);

  /// Ends run() after the current callback.
  void stop() noexcept { uv_stop(&loop_); }

  /// The same for all timers of one turn, and for all descriptors of one turn; also of turns within
  /// a millisecond.
  [[nodiscard]] std::uint64_t turn() const noexcept { return uv_now(&loop_); }

  [[nodiscard]] uv_loop_t* raw() noexcept { return &loop_; }

 private:
  Loop() = default;

  uv_loop_t loop_{};
  uv_prepare_t before_waiting_{};  ///< makes the loop's "now" current for the wait
  bool initialised_ = false;
  FaultHook fault_hook_;
};

}  // namespace sv::shell::uv
