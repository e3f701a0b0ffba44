#pragma once

#include <sys/types.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "os/reaper.h"
#include "rpc/host.h"

namespace sv::shell {

/// Whose descendants the orphans were that came to us and ended. A program begins a process group
/// and a session of its own, and what it starts stays in them unless it leaves both: that, and
/// nothing else, is left of an orphan's lineage.
class Adoption {
 public:
  /// Programs that are counted by name. What others leave is in the total.
  static constexpr std::size_t kMostPrograms = 1000;
  /// Runs that have ended and may have left somebody.
  static constexpr std::size_t kMostRuns = 1000;

  /// The program whose process has this pid now, by its name; nullopt: none.
  using ProgramOf = std::function<std::optional<std::string>(pid_t)>;

  explicit Adoption(ProgramOf program_of) : program_of_(std::move(program_of)) {}

  /// A program's process has ended: what it left behind is still its.
  void ended(pid_t leader, std::string program);

  /// An orphan was reaped. Its program, if that can be known.
  std::optional<std::string> reaped(const os::Reaped& orphan);

  [[nodiscard]] const rpc::Orphans& count() const { return count_; }

 private:
  [[nodiscard]] std::optional<std::string> owner(pid_t leader) const;

  ProgramOf program_of_;
  std::map<pid_t, std::string> runs_;
  std::deque<pid_t> order_;  ///< of runs_, the oldest first
  rpc::Orphans count_;
};

}  // namespace sv::shell
