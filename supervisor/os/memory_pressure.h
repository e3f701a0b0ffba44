#pragma once

#include <chrono>
#include <span>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace sv::os {

/// When the kernel is to tell that processes wait for memory (psi(5)): as long as `stall` in any
/// `window`. A window that is no multiple of two seconds needs privileges.
struct PressureThreshold {
  bool full = false;  ///< all of them waited, not just some
  std::chrono::microseconds stall{};
  std::chrono::microseconds window{};
};

/// Polls as urgent (POLLPRI) when the threshold was passed, at most once in a window, and as failed
/// when the control group is gone. Closing the descriptor ends it.
struct PressureTrigger {
  std::string file;
  UniqueFd fd;
};

/// Sets a trigger in the first of the files (MemoryAccount::pressure_files) that lets us. The error
/// is that of the first file that is there, or not_found.
[[nodiscard]] Result<PressureTrigger> set_pressure_trigger(std::span<const std::string> files,
                                                           const PressureThreshold& threshold);

}  // namespace sv::os
