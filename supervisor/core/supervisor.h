#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/model.h"
#include "core/effect.h"
#include "core/process_machine.h"
#include "core/process_state.h"
#include "core/stimulus.h"

namespace sv::core {

/// One supervised process as the rest of the program sees it. References stay valid until its
/// group is removed.
struct Process {
  ProcessId id{};
  const config::GroupConfig* group = nullptr;
  const config::ProcessConfig* config = nullptr;
  ProcessMachine machine;

  [[nodiscard]] ProcessState state() const { return machine.state(); }
  [[nodiscard]] const ProcessRecord& record() const { return machine.record(); }
};

/// An active group: its configuration (shared, immutable) and its processes in start order.
class Group {
 public:
  [[nodiscard]] const config::GroupConfig& config() const { return *config_; }
  [[nodiscard]] const std::string& name() const { return config_->name; }
  [[nodiscard]] const std::vector<std::unique_ptr<Process>>& processes() const {
    return processes_;
  }
  /// No member holds up a shutdown.
  [[nodiscard]] bool is_stopped() const;

 private:
  friend class Supervisor;
  std::shared_ptr<const config::GroupConfig> config_;
  std::vector<std::unique_ptr<Process>> processes_;
};

/// All groups and the daemon's mood: what is started and stopped, and in which order
/// (supervisor-config, sections 7, 11 and 12). Pure, like ProcessMachine.
///
/// Every command and stimulus appends to the effect queue; the shell takes effects one at a time
/// and feeds answers back before it takes the next, so that effects are performed in order and
/// never recursively. What is fed meanwhile may contradict what is queued: a Stop before Spawn is
/// answered is carried out after the answer, a Kill whose process was reaped first is dropped.
class Supervisor {
 public:
  Supervisor();
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Groups ---------------------------------------------------------------------------------------

  /// Activates a group: GroupAdded, then Start for its autostart processes (in the order of
  /// GroupConfig::processes) once run() was called, unless the daemon is stopping.
  /// already_exists if a group of that name is active.
  Result<void> add_group(std::shared_ptr<const config::GroupConfig> group, Now now);

  /// Removes a stopped group. not_found, or unavailable while a member is not stopped. To be called
  /// with an empty effect queue: effects still queued for its processes find no process any more.
  Result<void> remove_group(std::string_view name, Now now);

  /// Enters the running mood: MoodChanged and the autostarts of all groups, in (priority, name)
  /// order.
  void run(Now now);

  /// Active groups sorted by (priority, name).
  [[nodiscard]] const std::vector<std::unique_ptr<Group>>& groups() const;

  [[nodiscard]] const Group* find_group(std::string_view name) const;
  /// The groups a client means by a name: the one called so, or all of a family
  /// (GroupConfig::shown), in start order.
  [[nodiscard]] std::vector<const Group*> find_groups(std::string_view name) const;
  [[nodiscard]] const Process* find(ProcessId id) const;
  /// `group` as it is shown.
  [[nodiscard]] const Process* find(std::string_view group, std::string_view process) const;
  /// The process whose child `pid` is; nullptr for a pid that is not, or no longer, one of ours.
  [[nodiscard]] const Process* find_by_pid(pid_t pid) const;

  // Stimuli --------------------------------------------------------------------------------------

  /// Feeds one stimulus to one process. An unknown id is ignored (its group is gone).
  void feed(ProcessId id, const Stimulus& stimulus, Now now);

  /// How many restarts are begun in a row, while clients wait: a spawn takes two milliseconds or
  /// more on a small machine (docs/performance.md: a thousand first starts).
  static constexpr std::size_t kMostDue = 4;

  /// Feeds Deadline to processes whose time has come, kMostDue of them at most, and does the
  /// daemon's own timed work. For the others next_deadline() has come already: call again after
  /// other work.
  void deadline_reached(Now now);

  /// Starts ending: mood becomes `mood` (shutdown or restarting), groups are stopped one after
  /// another in reverse start order, members of a group together; AllStopped, once, when nothing is
  /// left. A restart under way turns into a shutdown (not announced again); the reverse is ignored.
  /// Between two groups nothing is started. "waiting for ..." is logged at once and every
  /// kReportInterval.
  ///
  /// `within`, for a shutdown: everything must be down by then. The time left is divided among the
  /// groups still to be stopped, so stopwaitsecs may be cut short, which is logged. At the end what
  /// is left is killed, and kLastGrace later AllStopped comes whatever is still there.
  void begin_stop(Mood mood, Now now, std::optional<Duration> within = std::nullopt);

  /// While it ends: SIGKILL to everything that is left, at once.
  void hurry(Now now);

  /// Names of the processes that got SIGKILL because they did not end in time, once each.
  [[nodiscard]] const std::vector<std::string>& killed() const;

  static constexpr std::chrono::milliseconds kLastGrace{500};

  static constexpr std::chrono::seconds kReportInterval{3};

  [[nodiscard]] Mood mood() const;

  /// The earliest time deadline_reached() must be called; nullopt: nothing waits for time.
  [[nodiscard]] std::optional<MonoTime> next_deadline() const;

  /// Takes the oldest effect not yet performed.
  [[nodiscard]] std::optional<SupervisorEffect> take_effect();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sv::core
