#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "base/wait_status.h"
#include "core/supervisor.h"
#include "shell/child.h"
#include "shell/child_launcher.h"
#include "shell/fcgi_sockets.h"
#include "shell/process_trees.h"
#include "shell/runit_services.h"

namespace sv::shell {

/// What is to be told about the core's announcements. Implemented by the daemon.
class AnnouncementListener {
 public:
  virtual ~AnnouncementListener() = default;

  virtual void on_state_change(const core::Process& process, const core::StateChange& change) = 0;
  virtual void on_group_added(const core::Group* group, std::string_view name) = 0;
  virtual void on_group_removed(std::string_view name) = 0;
  virtual void on_mood(core::Mood mood) = 0;
  virtual void on_all_stopped() = 0;
};

/// Performs the core's effects, one at a time and in order, and owns the children they bring into
/// being. The only caller of os::spawn and kill(2) in the daemon.
class EffectRunner {
 public:
  /// References outlive the runner.
  struct Parts {
    core::Supervisor& core;
    ChildLauncher& launcher;
    AnnouncementListener& announcements;
    FcgiSockets& fcgi_sockets;
    RunitServices& services;
    ActivityLog& log;
    const Clock& clock;
  };

  /// `turn` as ProcessTrees wants it.
  EffectRunner(const Parts& parts, std::function<std::uint64_t()> turn);
  ~EffectRunner();
  EffectRunner(const EffectRunner&) = delete;
  EffectRunner& operator=(const EffectRunner&) = delete;

  /// Performs effects until there are none. Re-entrant calls return at once: the outer one goes on.
  void run();

  /// A child of ours was reaped: last words, then the exit, then what follows from it.
  /// False if the pid is none of ours (an adopted orphan).
  [[nodiscard]] bool child_exited(pid_t pid, WaitStatus status);

  /// Sends a signal to the process itself. not_found: it has just ended.
  Result<void> signal(const core::Process& process, int number);

  /// Whether SIGKILL was sent to it, or to its group. Of one that was reaped: until its exit is
  /// told.
  [[nodiscard]] bool was_killed(pid_t pid) const { return killed_.contains(pid); }

  /// The live child of a process, or nullptr.
  [[nodiscard]] Child* child(core::ProcessId id);
  [[nodiscard]] std::size_t child_count() const { return children_.size(); }

  void reopen_logs();

  /// What the current run of a process added to its logs, or the last one.
  [[nodiscard]] Child::LogBytes log_bytes(core::ProcessId id) const;
  /// The logs were emptied, or the process is gone.
  void forget_log_bytes(core::ProcessId id) { last_log_bytes_.erase(id); }

 private:
  void perform(const core::SupervisorEffect& effect);
  void perform(const core::ProcessEffect& effect);
  void spawn(const core::Process& process);
  [[nodiscard]] tl::expected<pid_t, std::string> try_spawn(const core::Process& process);
  [[nodiscard]] tl::expected<pid_t, std::string> try_spawn_service(const core::Process& process);
  /// Whether the service's `finish` has taken over after `run` ended with this status.
  [[nodiscard]] std::optional<pid_t> begin_finish(const core::Process& process, WaitStatus ended);
  [[nodiscard]] bool is_finishing(core::ProcessId id) const { return held_.contains(id); }
  void kill(const core::Process& process, const core::effect::Kill& kill);

  Parts parts_;
  ProcessTrees trees_;
  bool running_ = false;
  std::set<pid_t> killed_;
  std::unordered_map<core::ProcessId, std::unique_ptr<Child>> children_;
  std::unordered_map<core::ProcessId, Child::LogBytes> last_log_bytes_;  ///< of ended runs
  /// How `run` of a service ended whose `finish` runs now.
  std::unordered_map<core::ProcessId, WaitStatus> held_;
};

}  // namespace sv::shell
