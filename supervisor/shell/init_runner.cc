#include "shell/init_runner.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>
#include <variant>

#include "base/overloaded.h"
#include "base/signals.h"
#include "base/text.h"
#include "os/descendants.h"
#include "os/find_command.h"
#include "os/fs.h"
#include "os/process_env.h"
#include "os/reaper.h"
#include "os/spawn.h"
#include "shell/script_files.h"
#include "shell/signal_duty.h"

namespace sv::shell {
namespace {

constexpr const char* kLastScript = "/etc/rc.local";
constexpr const char* kPreShutdown = "/etc/my_init.pre_shutdown.d";
constexpr const char* kPostShutdown = "/etc/my_init.post_shutdown.d";

std::vector<std::string> environment_strings() {
  std::vector<std::string> strings;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    strings.emplace_back(*variable);
  }
  return strings;
}

/// "sleep (PID 12), sh (PID 13)", of many the first ones.
std::string names_of(const std::vector<os::ProcessEntry>& processes) {
  constexpr std::size_t kMostNamed = 20;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(processes.size(), kMostNamed); ++i) {
    names.push_back(cat({processes[i].name, " (PID ", std::to_string(processes[i].pid), ")"}));
  }
  if (processes.size() > kMostNamed) {
    names.push_back(cat({std::to_string(processes.size() - kMostNamed), " more"}));
  }
  return join(names, ", ");
}

/// A process that was stopped acts on a signal only when it goes on.
void signal_each(const std::vector<os::ProcessEntry>& processes, int signal) {
  for (const os::ProcessEntry& process : processes) {
    ::kill(process.pid, signal);
    ::kill(process.pid, SIGCONT);
  }
}

}  // namespace

InitRunner::InitRunner(Parts parts, init::Settings settings)
    : parts_(parts),
      settings_(settings),
      sequence_(std::move(settings)),
      deadline_(parts.loop, [this] { on_deadline(); }) {}

InitRunner::~InitRunner() = default;

Result<void> InitRunner::watch() {
  Result<uv::Async> reap_more = uv::Async::create(parts_.loop, [this] { reap(); });
  if (!reap_more) {
    return tl::unexpected(std::move(reap_more.error()));
  }
  reap_more_ = std::move(*reap_more);
  if (auto outcome = watch(kDaemonSignals); !outcome) {
    return outcome;
  }
  return settings_.options.main_command.empty() ? Result<void>() : watch(kMainCommandSignals);
}

Result<void> InitRunner::watch(std::span<const int> signals) {
  for (const int number : signals) {
    Result<uv::Signal> watcher =
        uv::Signal::create(parts_.loop, number, [this](int signal) { on_signal(signal); });
    if (!watcher) {
      return fail(watcher.error().code,
                  cat({"cannot watch ", signal_name(number), ": ", watcher.error().message}));
    }
    signals_.push_back(std::move(*watcher));
  }
  return {};
}

bool InitRunner::boot() {
  set_process_environment(parts_.store.boot(process_environment()));
  feed(init::stimulus::Begin{});
  serve_until_told();
  return !over_;
}

int InitRunner::finish(int daemon_status) {
  told_ = false;
  feed(init::stimulus::ServicesEnded{daemon_status});
  serve_until_told();
  return end_status_;
}

void InitRunner::serve_until_told() {
  reap();  // what ended before the loop had its turn
  while (!told_) {
    in_loop_ = true;
    parts_.loop.run();
    in_loop_ = false;
  }
}

void InitRunner::say(bool warning, std::string_view text) const {
  if (warning || !settings_.options.quiet) {
    os::write_all(STDERR_FILENO, cat({"*** ", text, "\n"}));
  }
}

// Signals and children
// -------------------------------------------------------------------------------

void InitRunner::on_signal(int number) {
  const SignalDuty duty = duty_of(number);
  if (duty != SignalDuty::pass_on && daemon_ != nullptr && daemon_->forwards(number)) {
    daemon_->take_signal(number);  // a program's (forward_signals=)
    return;
  }
  switch (duty) {
    case SignalDuty::reap:
      if (daemon_ != nullptr) {
        daemon_->take_signal(number);  // it reaps, and offers us what it does not know
      } else {
        reap_more_.post();
      }
      return;
    case SignalDuty::end:
      stop_requested(number);
      return;
    case SignalDuty::reload:
    case SignalDuty::reopen_logs:
      // Without services both can only be meant for the main command.
      if (settings_.options.skip_services) {
        pass_on(number);
      } else if (daemon_ != nullptr) {
        daemon_->take_signal(number);
      }
      return;
    case SignalDuty::pass_on:
      pass_on(number);
      return;
  }
}

void InitRunner::on_deadline() {
  // Who ended in time did, however late we look: we may have been stopped.
  if (daemon_ != nullptr) {
    daemon_->collect_children();
  } else {
    reap();
  }
  feed(init::stimulus::Deadline{});
}

void InitRunner::pass_on(int number) {
  const std::optional<init::RunningChild>& main = sequence_.state().main;
  const int signal = settings_.options.rewrite.apply(number);
  if (main && main->pid > 0 && signal != 0) {
    ::kill(main->pid, signal);
  }
}

void InitRunner::stop_requested(int number) {
  const bool first = !sequence_.state().stop_requested;
  const bool daemons_turn = sequence_.phase() == init::Phase::services_ending;
  if (daemon_ != nullptr && (first || daemons_turn)) {
    daemon_->take_signal(number);
  } else if (first) {
    feed(init::stimulus::StopRequested{});
  } else {
    feed(init::stimulus::Hurry{});
  }
}

void InitRunner::reap() {
  const std::vector<os::Reaped> ended = os::drain_exited(kReapBatch);
  for (const os::Reaped& reaped : ended) {
    (void)child_exited(reaped.pid, reaped.status);
  }
  if (ended.size() == kReapBatch) {
    reap_more_.post();
  }
  if (sequence_.phase() == init::Phase::killing && ::getpid() != 1) {
    // Born since the last look.
    signal_each(os::descendants_of(::getpid(), os::all_processes()), SIGKILL);
  }
  check_for_nobody();
}

bool InitRunner::child_exited(pid_t pid, WaitStatus status) {
  if (!sequence_.owns(pid)) {
    return false;
  }
  if (os::has_terminal()) {
    os::take_terminal_back();
  }
  feed(init::stimulus::Exited{pid, status});
  return true;
}

void InitRunner::daemon_up(Daemon& daemon) {
  daemon_ = &daemon;
  feed(init::stimulus::ServicesUp{daemon.startup_config().daemon.shutdown_deadline});
}

bool InitRunner::holds_shutdown(std::optional<int> decided) {
  feed(init::stimulus::StopRequested{decided});
  switch (sequence_.phase()) {
    case init::Phase::main_ending:
    case init::Phase::pre_shutdown:
    case init::Phase::services_ending:
      return true;  // StopServices follows, or was performed just now
    case init::Phase::idle:
    case init::Phase::boot:
    case init::Phase::serving:
    case init::Phase::post_shutdown:
    case init::Phase::sweeping:
    case init::Phase::killing:
    case init::Phase::over:
      return false;
  }
  return false;
}

// Effects
// --------------------------------------------------------------------------------------------

void InitRunner::feed(const init::Stimulus& stimulus) {
  for (init::Effect& effect : sequence_.feed(stimulus, parts_.clock.now())) {
    effects_.push_back(std::move(effect));
  }
  if (performing_) {
    return;  // an answer: the outer call goes on
  }
  performing_ = true;
  struct Reset {
    bool& flag;
    ~Reset() { flag = false; }
  } reset{performing_};
  while (!effects_.empty()) {
    const init::Effect effect = std::move(effects_.front());
    effects_.pop_front();
    perform(effect);
  }
  if (const std::optional<MonoTime> due = sequence_.deadline()) {
    deadline_.start_at(*due, parts_.clock.now().mono);
  } else {
    deadline_.stop();
  }
}

void InitRunner::perform(const init::Effect& effect) {
  namespace fx = init::effect;
  const auto give_the_loop_away = [this] {
    told_ = true;
    if (in_loop_) {
      parts_.loop.stop();
    }
  };
  std::visit(Overloaded{
                 [&](const fx::Say& e) { say(e.warning, e.text); },
                 [&](const fx::ListScripts& e) { feed(init::stimulus::Scripts{scripts(e.set)}); },
                 [&](const fx::RunScript& e) { spawn(e.path, {e.path}); },
                 [&](const fx::StartMain&) { start_main(); },
                 [&](const fx::ImportEnvironment&) { import_environment(); },
                 [&](const fx::StartServices&) { give_the_loop_away(); },
                 [&](const fx::Survey&) {
                   feed(init::stimulus::Surveyed{!scripts(init::ScriptSet::pre_shutdown).empty(),
                                                 !scripts(init::ScriptSet::post_shutdown).empty()});
                 },
                 [&](const fx::StopServices& e) {
                   if (daemon_ != nullptr) {
                     daemon_->begin_shutdown(e.within);
                   }
                 },
                 [&](const fx::Kill& e) { ::kill(e.to_group ? -e.pid : e.pid, e.signal); },
                 [&](const fx::KillAll& e) { kill_all(e.signal); },
                 [&](const fx::End& e) {
                   over_ = true;
                   end_status_ = e.status;
                   give_the_loop_away();
                 },
             },
             effect);
}

std::vector<std::string> InitRunner::scripts(init::ScriptSet set) const {
  std::vector<std::string> found;
  switch (set) {
    case init::ScriptSet::boot:
      found = scripts_in(settings_.tuning.startup_directory);
      if (is_script(kLastScript)) {
        found.emplace_back(kLastScript);
      }
      break;
    case init::ScriptSet::pre_shutdown:
      found = scripts_in(kPreShutdown);
      break;
    case init::ScriptSet::post_shutdown:
      found = scripts_in(kPostShutdown);
      break;
  }
  return found;
}

void InitRunner::start_main() {
  const std::vector<std::string>& command = settings_.options.main_command;
  const char* path = ::getenv("PATH");
  const auto file = os::find_command(
      command.front(), path != nullptr ? std::optional<std::string>(path) : std::nullopt);
  if (!file) {
    const bool missing = file.error().kind == os::CommandError::Kind::not_found;
    feed(init::stimulus::SpawnFailed{missing ? ENOENT : EACCES});
    return;
  }
  spawn(*file, command);
}

/// With our standard descriptors, our environment and our directory.
void InitRunner::spawn(const std::string& path, std::vector<std::string> argv) {
  os::ChildPlan plan;
  plan.path = path;
  plan.argv = std::move(argv);
  plan.envp = environment_strings();
  plan.take_terminal = os::has_terminal();
  const tl::expected<pid_t, os::SpawnError> pid = os::spawn(plan);
  if (pid) {
    feed(init::stimulus::Spawned{*pid});
    return;
  }
  if (plan.take_terminal) {
    os::take_terminal_back();
  }
  feed(init::stimulus::SpawnFailed{pid.error().err});
}

void InitRunner::import_environment() {
  set_process_environment(
      parts_.store.after_script(process_environment(), settings_.tuning.forget_identity));
}

/// Everybody but ourselves. As process 1 that is who the kernel lets us reach; else our
/// descendants, of which nobody can be told without /proc. The sequence asks for it only where
/// orphans are ours.
void InitRunner::kill_all(int signal) {
  const bool process_one = ::getpid() == 1;
  std::vector<os::ProcessEntry> left;
  if (signal == SIGKILL || !process_one) {
    left = os::descendants_of(::getpid(), os::all_processes());
  }
  if (signal == SIGKILL && !left.empty()) {
    say(true, cat({"Killing ", names_of(left)}));
  }
  if (process_one) {
    ::kill(-1, signal);
    ::kill(-1, SIGCONT);
  } else {
    signal_each(left, signal);
    if (left.empty() && os::has_children()) {
      say(true, "Who is left cannot be told here, and is left alone.");
      feed(init::stimulus::NobodyLeft{});
      return;
    }
  }
  check_for_nobody();
}

void InitRunner::check_for_nobody() {
  const bool ending =
      sequence_.phase() == init::Phase::sweeping || sequence_.phase() == init::Phase::killing;
  if (ending && !os::has_children()) {
    feed(init::stimulus::NobodyLeft{});
  }
}

}  // namespace sv::shell
