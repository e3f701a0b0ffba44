#include "init/sequence.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace sv::init {
namespace {

constexpr std::string_view kKeyScript = "/usr/sbin/enable_insecure_key";

/// "0.012 s": scripts are timed to the millisecond.
std::string seconds_text(Duration duration) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
  std::string fraction = std::to_string(milliseconds % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return cat({std::to_string(milliseconds / 1000), ".", fraction, " s"});
}

/// Whose time it is in a phase of the end. Scripts have theirs from the first one on.
std::optional<EndUser> user_of(Phase phase) {
  switch (phase) {
    case Phase::main_ending:
      return EndUser::main_command;
    case Phase::services_ending:
      return EndUser::services;
    case Phase::sweeping:
    case Phase::killing:
      return EndUser::leftovers;
    case Phase::idle:
    case Phase::boot:
    case Phase::serving:
    case Phase::pre_shutdown:
    case Phase::post_shutdown:
    case Phase::over:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

int status_of_spawn_failure(int err) {
  return err == ENOENT ? 127 : 126;
}

std::vector<Effect> Sequence::feed(const Stimulus& stimulus, Now now) {
  std::visit([this, now](const auto& what) { on(what, now); }, stimulus);
  return std::exchange(effects_, {});
}

bool Sequence::owns(pid_t pid) const {
  const auto is = [pid](const std::optional<RunningChild>& child) {
    return child && child->pid != 0 && child->pid == pid;
  };
  return is(state_.script) || is(state_.main);
}

int Sequence::exit_status() const {
  const int status = state_.decided.value_or(state_.services_status);
  return status != 0 ? status : state_.script_failure;
}

void Sequence::enter(Phase phase, Now now) {
  state_.phase = phase;
  state_.deadline.reset();
  if (state_.budget.began) {
    state_.budget.give_turn(user_of(phase), now.mono);
  }
}

// Scripts
// --------------------------------------------------------------------------------------------

void Sequence::on(const stimulus::Begin& /*begin*/, Now now) {
  if (state_.phase != Phase::idle) {
    return;
  }
  enter(Phase::boot, now);
  if (settings_.options.enable_insecure_key) {
    say("Installing insecure SSH key for user root");
    state_.scripts.emplace_back(kKeyScript);
  }
  if (settings_.options.skip_startup_files) {
    next_script(now);
  } else {
    effects_.emplace_back(effect::ListScripts{ScriptSet::boot});
  }
}

void Sequence::begin_scripts(Phase phase, ScriptSet set, Now now) {
  enter(phase, now);
  effects_.emplace_back(effect::ListScripts{set});
}

void Sequence::on(const stimulus::Scripts& scripts, Now now) {
  state_.scripts.insert(state_.scripts.end(), scripts.paths.begin(), scripts.paths.end());
  if (state_.phase != Phase::boot) {
    limit_scripts(now);
  }
  next_script(now);
}

void Sequence::next_script(Now now) {
  if (state_.scripts.empty()) {
    scripts_done(now);
    return;
  }
  std::string path = std::move(state_.scripts.front());
  state_.scripts.erase(state_.scripts.begin());
  say(cat({"Running ", path, "..."}));
  state_.script = RunningChild{path, 0, now.mono};
  if (state_.budget.began) {
    state_.budget.give_turn(EndUser::scripts, now.mono);
    state_.deadline = state_.tell_scripts;
  }
  effects_.emplace_back(effect::RunScript{std::move(path)});
}

void Sequence::script_ended(int status, Now now) {
  const RunningChild script = *std::exchange(state_.script, std::nullopt);
  state_.deadline.reset();
  const bool booting = state_.phase == Phase::boot;
  if (booting && state_.aborted) {
    sweep(now);
    return;
  }
  if (!booting && script.pressed != Pressed::no) {
    status = 128 + (script.pressed == Pressed::killed ? SIGKILL : SIGTERM);  // whatever it says
  }
  if (status != 0) {
    warn(cat({script.name, " failed with status ", std::to_string(status), "\n"}));
    state_.scripts.clear();
    if (booting) {
      state_.decided = status;
      sweep(now);
    } else {
      state_.script_failure = status;
      scripts_done(now);
    }
    return;
  }
  say(cat({script.name, " took ", seconds_text(now.mono - script.started)}));
  if (booting) {
    effects_.emplace_back(effect::ImportEnvironment{});
  }
  next_script(now);
}

void Sequence::scripts_done(Now now) {
  switch (state_.phase) {
    case Phase::boot:
      enter(Phase::serving, now);
      if (settings_.options.skip_services) {
        start_main(now);
      } else {
        effects_.emplace_back(effect::StartServices{});
      }
      return;
    case Phase::pre_shutdown:
      end_daemon(now);
      return;
    case Phase::post_shutdown:
      sweep(now);
      return;
    case Phase::idle:
    case Phase::serving:
    case Phase::main_ending:
    case Phase::services_ending:
    case Phase::sweeping:
    case Phase::killing:
    case Phase::over:
      return;  // no scripts in these
  }
}

// Children
// -------------------------------------------------------------------------------------------

void Sequence::on(const stimulus::Spawned& spawned, Now now) {
  for (std::optional<RunningChild>* child : {&state_.script, &state_.main}) {
    if (*child && (*child)->pid == 0) {
      (*child)->pid = spawned.pid;
      (*child)->started = now.mono;
      return;
    }
  }
}

void Sequence::on(const stimulus::SpawnFailed& failed, Now now) {
  const bool of_script = state_.script && state_.script->pid == 0;
  if (!of_script && !(state_.main && state_.main->pid == 0)) {
    return;  // nobody asked
  }
  const std::string& name = of_script ? state_.script->name : state_.main->name;
  warn(cat({name, " cannot be executed: ", errno_text(failed.err),
            failed.err == ENOEXEC ? " (no interpreter line?)" : ""}));
  const int status = status_of_spawn_failure(failed.err);
  if (of_script) {
    script_ended(status, now);
  } else {
    main_ended(status, now);
  }
}

void Sequence::on(const stimulus::Exited& exited, Now now) {
  if (state_.script && state_.script->pid == exited.pid) {
    script_ended(exited.status.shell_status(), now);
  } else if (state_.main && state_.main->pid == exited.pid) {
    main_ended(exited.status.shell_status(), now);
  }
}

void Sequence::start_main(Now now) {
  const std::vector<std::string>& command = settings_.options.main_command;
  if (command.empty()) {
    return;
  }
  say(cat({"Running ", join(command, " "), "..."}));
  state_.main = RunningChild{command.front(), 0, now.mono};
  effects_.emplace_back(effect::StartMain{});
}

void Sequence::main_ended(int status, Now now) {
  say(cat({state_.main->name, " exited with status ", std::to_string(status), "."}));
  state_.main.reset();
  begin_end(now);
  if (!state_.decided) {
    state_.decided = status;
  }
  end_services(now);
}

// Services
// -------------------------------------------------------------------------------------------

void Sequence::on(const stimulus::ServicesUp& up, Now now) {
  state_.configured_deadline = up.shutdown_deadline;
  if (state_.services_up) {
    return;  // a reload: another life of the daemon
  }
  state_.services_up = true;
  if (!std::exchange(state_.services_were_up, true) && state_.phase == Phase::serving) {
    start_main(now);
  }
}

void Sequence::on(const stimulus::ServicesEnded& ended, Now now) {
  state_.services_up = false;
  state_.services_status = ended.status;
  if (state_.phase == Phase::services_ending) {
    after_services(now);
    return;
  }
  if (state_.phase != Phase::serving) {
    return;  // their turn comes, and finds them gone
  }
  if (ended.status != 0) {
    state_.decided = ended.status;  // what the container exists for has failed
  }
  begin_end(now);
  if (state_.main) {
    end_main(now);
  } else {
    after_services(now);
  }
}

void Sequence::end_services(Now now) {
  if (state_.services_up) {
    begin_scripts(Phase::pre_shutdown, ScriptSet::pre_shutdown, now);
  } else {
    after_services(now);
  }
}

void Sequence::after_services(Now now) {
  if (state_.services_were_up) {
    begin_scripts(Phase::post_shutdown, ScriptSet::post_shutdown, now);
  } else {
    sweep(now);
  }
}

}  // namespace sv::init
