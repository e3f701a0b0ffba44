#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/wait_status.h"
#include "core/supervisor.h"
#include "os/descendants.h"

namespace sv::shell {

/// stop_tree=: stopping a program means all its descendants, also those that left its process group
/// or session, and those whose parents are gone.
///
/// Who belongs to a program is looked up when it is told to stop, since lineage is lost with the
/// first parent that ends; orphans are known by the environment they were started with
/// (SUPERVISOR_PROCESS_NAME and SUPERVISOR_GROUP_NAME). When the program itself has ended and
/// others are left, they are named and told as well, and the process goes on (core::Handover) under
/// the pid of one of them that is our child by now, until none is left or the time is up. Where
/// orphans do not come to us (neither process 1 nor subreaper), what is left is killed at once.
class ProcessTrees {
 public:
  struct Parts {
    ActivityLog& log;
    /// A number that stays the same while nothing can have changed: one look at /proc serves it
    /// all.
    std::function<std::uint64_t()> turn;
    /// Whether the pid is a program's or the main command's, hence no orphan.
    std::function<bool(pid_t)> is_known;
  };

  explicit ProcessTrees(Parts parts) : parts_(std::move(parts)) {}

  /// It is about to get this signal of its stop: `leader` itself, or its whole group. Tells those
  /// whom that does not reach, if it is meant for all.
  void stopping(const core::Process& process, pid_t leader, int signal, bool to_group);

  /// The one it was waited for, `leader` first, was reaped. Whom to wait for now; nullopt: nobody
  /// is left, or nobody can be waited for.
  [[nodiscard]] std::optional<pid_t> next(const core::Process& process, WaitStatus ended);

  /// Whether the program itself has ended and its descendants are waited for.
  [[nodiscard]] bool is_waiting(core::ProcessId id) const;
  /// The status of the program itself; it is forgotten with this.
  [[nodiscard]] WaitStatus take_status(core::ProcessId id, WaitStatus otherwise);

  /// The same signal to all that are left of it.
  void signal_rest(const core::Process& process, int signal);

 private:
  struct Tree {
    std::vector<os::ProcessEntry> members;  ///< without the leader
    std::set<pid_t> told;                   ///< have got `signal`
    int signal = 0;                         ///< the last one of its stop
    bool to_group = false;                  ///< and whether the leader's whole group got it
    pid_t leader = 0;
    std::optional<WaitStatus> status;  ///< of the leader, once it has ended
  };

  const std::vector<os::ProcessEntry>& look_around();
  void add_members(Tree& tree, const core::Process& process);
  void keep_the_living(Tree& tree);
  void tell(Tree& tree, const os::ProcessEntry& member);
  [[nodiscard]] static bool is_told(const Tree& tree, const os::ProcessEntry& member);
  void name(const core::Process& process, const std::vector<os::ProcessEntry>& members,
            std::string_view fate);

  Parts parts_;
  std::unordered_map<core::ProcessId, Tree> trees_;
  std::vector<os::ProcessEntry> seen_;
  std::optional<std::uint64_t> seen_in_;
};

}  // namespace sv::shell
