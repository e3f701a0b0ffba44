#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "base/wait_status.h"
#include "init/end_budget.h"
#include "init/options.h"

/// What process 1 does beside supervising, as one machine: start-up scripts, the main command,
/// shutdown scripts, the end of everything that is left (init-and-images, 1.4 to 1.9).
/// docs/design/process-one.md has the table of phases.
namespace sv::init {

enum class Phase {
  idle,
  boot,             ///< start-up scripts, one after another
  serving,          ///< services and the main command
  main_ending,      ///< the main command was told to end
  pre_shutdown,     ///< scripts that want the services still there
  services_ending,  ///< the daemon stops programs and services
  post_shutdown,    ///< scripts that want them gone
  sweeping,         ///< TERM to all that is left
  killing,          ///< KILL to all that is left
  over,
};

enum class ScriptSet { boot, pre_shutdown, post_shutdown };

namespace effect {

/// A line for people: "*** text". With --quiet only warnings.
struct Say {
  bool warning = false;
  std::string text;

  friend bool operator==(const Say&, const Say&) = default;
};
/// Which scripts are there? Answer with Scripts before taking the next effect.
struct ListScripts {
  ScriptSet set = ScriptSet::boot;

  friend bool operator==(const ListScripts&, const ListScripts&) = default;
};
/// Answer with Spawned or SpawnFailed before taking the next effect.
struct RunScript {
  std::string path;

  friend bool operator==(const RunScript&, const RunScript&) = default;
};
/// The same for Settings::options.main_command.
struct StartMain {
  friend bool operator==(const StartMain&, const StartMain&) = default;
};
/// A start-up script may have changed the environment store.
struct ImportEnvironment {
  friend bool operator==(const ImportEnvironment&, const ImportEnvironment&) = default;
};
/// Load the configuration and begin the daemon; ServicesUp when it serves, ServicesEnded at its
/// end, also when it could not begin.
struct StartServices {
  friend bool operator==(const StartServices&, const StartServices&) = default;
};
/// What will have to end after the main command? Answer with Surveyed before taking the next
/// effect.
struct Survey {
  friend bool operator==(const Survey&, const Survey&) = default;
};
/// Stop programs and services in their order; ServicesEnded follows.
struct StopServices {
  std::optional<Duration> within;  ///< nullopt: each as long as it is configured

  friend bool operator==(const StopServices&, const StopServices&) = default;
};
/// To a child of the sequence, or to its whole process group. One that has just ended is not an
/// error.
struct Kill {
  pid_t pid = 0;
  int signal = 0;
  bool to_group = false;

  friend bool operator==(const Kill&, const Kill&) = default;
};
/// To every process that would be left behind, but ourselves; only ever asked for when we adopt
/// orphans.
struct KillAll {
  int signal = 0;

  friend bool operator==(const KillAll&, const KillAll&) = default;
};
/// Everything is over: exit.
struct End {
  int status = 0;

  friend bool operator==(const End&, const End&) = default;
};

}  // namespace effect

using Effect = std::variant<effect::Say, effect::ListScripts, effect::RunScript, effect::StartMain,
                            effect::ImportEnvironment, effect::StartServices, effect::Survey,
                            effect::StopServices, effect::Kill, effect::KillAll, effect::End>;

namespace stimulus {

struct Begin {};
struct Scripts {
  std::vector<std::string> paths;  ///< in the order to run them
};
struct Spawned {
  pid_t pid = 0;
};
struct SpawnFailed {
  int err = 0;  ///< errno value
};
/// A child of the sequence was reaped.
struct Exited {
  pid_t pid = 0;
  WaitStatus status;
};
struct ServicesUp {
  /// As configured; zero: no limit.
  std::optional<std::chrono::seconds> shutdown_deadline;
};
struct ServicesEnded {
  int status = 0;  ///< the daemon's exit status
};
/// Whether there are scripts of these sets.
struct Surveyed {
  bool pre_shutdown = false;
  bool post_shutdown = false;
};
/// TERM, INT or a client: the container is to end. Or a program decided so, and with which status.
struct StopRequested {
  std::optional<int> decided;
};
/// And now: what is waited for is killed.
struct Hurry {};
/// The time returned by deadline() has come.
struct Deadline {};
/// No child is left.
struct NobodyLeft {};

}  // namespace stimulus

using Stimulus = std::variant<stimulus::Begin, stimulus::Scripts, stimulus::Spawned,
                              stimulus::SpawnFailed, stimulus::Exited, stimulus::ServicesUp,
                              stimulus::ServicesEnded, stimulus::Surveyed, stimulus::StopRequested,
                              stimulus::Hurry, stimulus::Deadline, stimulus::NobodyLeft>;

struct Settings {
  Options options;
  Tuning tuning;
  /// Orphans become our children: as process 1, or as subreaper. Nothing but the children we know
  /// is ever signalled otherwise.
  bool adopts = false;
  /// For the whole end, where no configuration says so and nobody asked for more time.
  std::optional<std::chrono::seconds> default_deadline;
};

/// How far the end of a child has got.
enum class Pressed { no, told, killed };

/// A child of the sequence. `pid` 0: its spawn is not answered yet.
struct RunningChild {
  std::string name;  ///< for messages
  pid_t pid = 0;
  MonoTime started;
  Pressed pressed = Pressed::no;

  friend bool operator==(const RunningChild&, const RunningChild&) = default;
};

/// All a sequence knows. Plain data.
struct SequenceState {
  Phase phase = Phase::idle;
  std::vector<std::string> scripts;  ///< of this phase, still to be run
  std::optional<RunningChild> script;
  std::optional<RunningChild> main;
  std::optional<MonoTime> deadline;
  std::optional<MonoTime> tell_scripts;  ///< of the end: when this phase's are told to end
  std::optional<MonoTime> kill_scripts;
  std::optional<std::chrono::seconds> configured_deadline;
  EndBudget budget;
  bool survey_pending = false;
  bool scripts_before_services = false;  ///< there are pre-shutdown scripts
  bool scripts_after_services = false;   ///< there are post-shutdown scripts
  bool services_up = false;
  bool services_were_up = false;
  bool stop_requested = false;
  bool aborted = false;        ///< stopped before the boot was complete
  std::optional<int> decided;  ///< by a failed boot, the main command, services that failed
  int services_status = 0;
  int script_failure = 0;  ///< of a shutdown script

  friend bool operator==(const SequenceState&, const SequenceState&) = default;
};

class Sequence {
 public:
  /// A boot that was interrupted by a stop; my_init's.
  static constexpr int kAborted = 2;
  /// How long what was sent KILL may take to be gone; then it goes on without.
  static constexpr std::chrono::seconds kKillGrace{1};
  /// The same where the whole end has a deadline; also, at most, for a script between TERM and
  /// KILL, and what the daemon may take beyond its time.
  static constexpr std::chrono::milliseconds kLastGrace{500};

  explicit Sequence(Settings settings) : settings_(std::move(settings)) {}

  /// Applies one stimulus; what must be done, in order.
  [[nodiscard]] std::vector<Effect> feed(const Stimulus& stimulus, Now now);

  [[nodiscard]] const SequenceState& state() const { return state_; }
  [[nodiscard]] Phase phase() const { return state_.phase; }
  [[nodiscard]] std::optional<MonoTime> deadline() const { return state_.deadline; }
  /// Whether this pid is a script or the main command.
  [[nodiscard]] bool owns(pid_t pid) const;
  /// What End will say if nothing else happens.
  [[nodiscard]] int exit_status() const;

 private:
  void on(const stimulus::Begin& begin, Now now);
  void on(const stimulus::Scripts& scripts, Now now);
  void on(const stimulus::Spawned& spawned, Now now);
  void on(const stimulus::SpawnFailed& failed, Now now);
  void on(const stimulus::Exited& exited, Now now);
  void on(const stimulus::ServicesUp& up, Now now);
  void on(const stimulus::ServicesEnded& ended, Now now);
  void on(const stimulus::Surveyed& surveyed, Now now);
  void on(const stimulus::StopRequested& stop, Now now);
  void on(const stimulus::Hurry& hurry, Now now);
  void on(const stimulus::Deadline& deadline, Now now);
  void on(const stimulus::NobodyLeft& nobody, Now now);

  /// The only assignment of the phase; ends waiting.
  void enter(Phase phase, Now now);

  void next_script(Now now);
  void script_ended(int status, Now now);
  void scripts_done(Now now);
  void begin_scripts(Phase phase, ScriptSet set, Now now);
  void start_main(Now now);
  void main_ended(int status, Now now);
  void end_main(Now now);
  void end_services(Now now);
  void end_daemon(Now now);
  void after_services(Now now);
  void sweep(Now now);
  void finish(Now now);

  // The end and its time (sequence_end.cc) -----------------------------------------------------

  void begin_end(Now now);
  [[nodiscard]] std::optional<std::chrono::seconds> whole_time() const;
  [[nodiscard]] bool sweeps() const {
    return settings_.options.kill_all_on_exit && settings_.adopts;
  }
  /// How many are still waited for before the leftovers, if this phase begins now.
  [[nodiscard]] int turns_from(Phase phase) const;
  void wait_for(std::string_view whom, const Limit& own, std::optional<Duration> share, Now now);
  void wait_for_main(Now now);
  /// A turn of scripts begins: when they are told to end, and when they are killed.
  void limit_scripts(Now now);

  void end_child(RunningChild& child);
  void force(std::optional<RunningChild>& child, Now now);
  void overran(std::optional<RunningChild>& child, Now now);
  void kill_everybody(Now now);
  [[nodiscard]] Duration kill_grace() const;
  void say(std::string text) { effects_.emplace_back(effect::Say{false, std::move(text)}); }
  void warn(std::string text) { effects_.emplace_back(effect::Say{true, std::move(text)}); }

  Settings settings_;
  SequenceState state_;
  std::vector<Effect> effects_;  ///< of the feed() under way; empty between calls
};

/// What a shell would answer for a command that could not be executed: 127 when there is none, 126
/// otherwise.
[[nodiscard]] int status_of_spawn_failure(int err);

}  // namespace sv::init
