#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/wait_status.h"

/// Which of the processes that ended did the kernel kill for want of memory? Values only; the
/// numbers are os/memory_account's. The rules are the table of docs/design/navi.md, the evidence is
/// init-and-images, 2.12.
namespace sv::navi {

enum class MemoryVerdict : std::uint8_t {
  certain,   ///< SIGKILL that is not ours, and a kill counted for each such end
  likely,    ///< counted kills suffice, but a descendant may have been the victim
  possible,  ///< fewer kills than processes they could be about
  none,      ///< not killed for memory
  unknown,   ///< it looks like a kill, and the kernel's numbers are not to be had
};

/// "certain", "likely", ...
[[nodiscard]] std::string_view verdict_name(MemoryVerdict verdict);

struct EndedProcess {
  pid_t pid = 0;
  WaitStatus status;
  bool killed_by_us = false;  ///< we sent SIGKILL to it or to a group with it
};

struct MemoryJudgement {
  std::vector<MemoryVerdict> verdicts;  ///< one for each of the batch, in order
  std::uint64_t unattributed = 0;       ///< kills nobody of the batch is a candidate for
};

/// `batch` are processes that ended, collected *before* the counter was read as `after`; `before`
/// is its reading after the previous batch. nullopt: it could not be read. Two readings of
/// different files must not be passed: pass nullopt as `before`.
///
/// A counter that decreased is another one (the group was made anew): nothing is known of this
/// batch, and `after` is what the next one starts from.
[[nodiscard]] MemoryJudgement judge(std::span<const EndedProcess> batch,
                                    std::optional<std::uint64_t> before,
                                    std::optional<std::uint64_t> after);

}  // namespace sv::navi
