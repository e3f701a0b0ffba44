#include "navi/memory_verdict.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>

namespace sv::navi {
namespace {

/// Why a process may be the victim of a kill, the best reason first.
enum class Suspicion : std::uint8_t {
  killed,        ///< by SIGKILL, and we did not send it
  shell_status,  ///< 137: a shell says so of a child that SIGKILL ended
  killed_by_us,  ///< either, but our own SIGKILL explains it
  none,
};
constexpr std::size_t kSuspicions = 3;

Suspicion suspicion_of(const EndedProcess& process) {
  constexpr int kShellStatus = 128 + SIGKILL;
  if (process.status.shell_status() != kShellStatus) {
    return Suspicion::none;
  }
  if (process.killed_by_us) {
    return Suspicion::killed_by_us;
  }
  return process.status.signaled() ? Suspicion::killed : Suspicion::shell_status;
}

/// What each suspicion comes to.
using Verdicts = std::array<MemoryVerdict, kSuspicions>;

Verdicts weigh(const std::array<std::uint64_t, kSuspicions>& suspects, std::uint64_t kills) {
  const auto [killed, shells, ours] = suspects;
  if (kills == 0) {
    return {MemoryVerdict::none, MemoryVerdict::none, MemoryVerdict::none};
  }
  if (kills < killed) {
    return {MemoryVerdict::possible, MemoryVerdict::possible, MemoryVerdict::none};
  }
  if (kills < killed + shells) {
    // The shells' children, or those that ended by the signal: the latter are the simpler story.
    return {MemoryVerdict::likely, MemoryVerdict::possible, MemoryVerdict::none};
  }
  return {MemoryVerdict::certain, MemoryVerdict::likely,
          kills > killed + shells ? MemoryVerdict::possible : MemoryVerdict::none};
}

}  // namespace

std::string_view verdict_name(MemoryVerdict verdict) {
  switch (verdict) {
    case MemoryVerdict::certain:
      return "certain";
    case MemoryVerdict::likely:
      return "likely";
    case MemoryVerdict::possible:
      return "possible";
    case MemoryVerdict::none:
      return "none";
    case MemoryVerdict::unknown:
      return "unknown";
  }
  return "unknown";
}

MemoryJudgement judge(std::span<const EndedProcess> batch, std::optional<std::uint64_t> before,
                      std::optional<std::uint64_t> after) {
  std::array<std::uint64_t, kSuspicions> suspects{};
  for (const EndedProcess& process : batch) {
    if (const Suspicion why = suspicion_of(process); why != Suspicion::none) {
      ++suspects[static_cast<std::size_t>(why)];
    }
  }
  const bool is_known = before && after && *before <= *after;
  const std::uint64_t kills = is_known ? *after - *before : 0;
  Verdicts verdicts;
  verdicts.fill(MemoryVerdict::unknown);
  if (is_known) {
    verdicts = weigh(suspects, kills);
  }
  MemoryJudgement judgement;
  judgement.verdicts.reserve(batch.size());
  for (const EndedProcess& process : batch) {
    const Suspicion why = suspicion_of(process);
    judgement.verdicts.push_back(why == Suspicion::none ? MemoryVerdict::none
                                                        : verdicts[static_cast<std::size_t>(why)]);
  }
  const std::uint64_t candidates = suspects[0] + suspects[1] + suspects[2];
  judgement.unattributed = kills - std::min(kills, candidates);
  return judgement;
}

}  // namespace sv::navi
