#include "os/memory_pressure.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"

namespace sv::os {

Result<PressureTrigger> set_pressure_trigger(std::span<const std::string> files,
                                             const PressureThreshold& threshold) {
  const std::string text =
      cat({threshold.full ? "full " : "some ", std::to_string(threshold.stall.count()), " ",
           std::to_string(threshold.window.count())});
  Result<PressureTrigger> outcome =
      fail(ErrorCode::not_found, "the kernel has no pressure information");
  for (const std::string& file : files) {
    UniqueFd fd(::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    // The kernel wants the trailing zero.
    if (fd && ::write(fd.get(), text.c_str(), text.size() + 1) >= 0) {
      return PressureTrigger{file, std::move(fd)};
    }
    const int err = errno;
    if (!outcome && outcome.error().code == ErrorCode::not_found && err != ENOENT) {
      outcome = fail_errno(err, file);
    }
  }
  return outcome;
}

}  // namespace sv::os
