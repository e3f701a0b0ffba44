// The end of a sequence: who is told to end when, how long it may take, and what happens to those
// who take longer.

#include <algorithm>
#include <csignal>
#include <utility>

#include "base/duration_text.h"
#include "base/text.h"
#include "init/sequence.h"

namespace sv::init {
namespace {

/// What a clock reading can be moved by without overflow, and no end lasts.
constexpr std::chrono::seconds kLongest{std::chrono::hours{24 * 36525}};

/// Even if all time is used up: less, and nobody could act on TERM.
constexpr std::chrono::milliseconds kLeastForLeftovers{100};

std::string called(const RunningChild& child) {
  return cat({child.name, " (PID ", std::to_string(child.pid), ")"});
}

/// The lesser of a limit of one's own, where zero is none, and a share. nullopt: neither.
std::optional<Duration> patience(std::chrono::seconds own, std::optional<Duration> share) {
  if (own.count() == 0) {
    return share;
  }
  return share ? std::min<Duration>(*share, own) : Duration(own);
}

}  // namespace

// Time
// -----------------------------------------------------------------------------------------------

/// What the configuration says, or the default, if nobody asked for more time than that.
std::optional<std::chrono::seconds> Sequence::whole_time() const {
  if (const auto configured = state_.configured_deadline) {
    return configured->count() > 0 ? std::optional(std::min(*configured, kLongest)) : std::nullopt;
  }
  const auto usual = settings_.default_deadline;
  const auto wants_more = [usual](const Limit& limit) {
    return limit.asked_for && (limit.time.count() == 0 || limit.time > usual);
  };
  const Tuning& tuning = settings_.tuning;
  return wants_more(tuning.kill_process) || (sweeps() && wants_more(tuning.kill_all)) ? std::nullopt
                                                                                      : usual;
}

void Sequence::begin_end(Now now) {
  EndBudget& budget = state_.budget;
  if (budget.began) {
    return;
  }
  budget.begin(now.mono, whole_time(), sweeps());
  if (budget.limit && state_.services_were_up) {
    state_.survey_pending = true;
    effects_.emplace_back(effect::Survey{});
  }
}

int Sequence::turns_from(Phase phase) const {
  int turns = 1;
  switch (phase) {
    case Phase::main_ending:
      turns += state_.services_up && state_.scripts_before_services ? 1 : 0;
      [[fallthrough]];
    case Phase::pre_shutdown:
      turns += state_.services_up ? 1 : 0;
      [[fallthrough]];
    case Phase::services_ending:
      turns += state_.services_were_up && state_.scripts_after_services ? 1 : 0;
      return turns;
    case Phase::idle:
    case Phase::boot:
    case Phase::serving:
    case Phase::post_shutdown:
    case Phase::sweeping:
    case Phase::killing:
    case Phase::over:
      return turns;
  }
  return turns;
}

/// Who asked for more than there is reads so beforehand, and not when it has gone wrong.
void Sequence::wait_for(std::string_view whom, const Limit& own, std::optional<Duration> share,
                        Now now) {
  const std::optional<Duration> time = patience(own.time, share);
  state_.deadline = time ? std::optional(now.mono + *time) : std::nullopt;
  if (own.asked_for && time && (own.time.count() == 0 || *time < own.time)) {
    warn(cat({whom, " gets ", decimal_seconds(*time), " s of ", own.variable, "=",
              std::to_string(own.time.count()), ": everything must be down in time"}));
  }
}

void Sequence::wait_for_main(Now now) {
  wait_for(called(*state_.main), settings_.tuning.kill_process,
           state_.budget.share(turns_from(Phase::main_ending), now.mono), now);
}

void Sequence::limit_scripts(Now now) {
  const std::optional<Duration> share = state_.budget.share(turns_from(state_.phase), now.mono);
  state_.kill_scripts = share ? std::optional(now.mono + *share) : std::nullopt;
  state_.tell_scripts =
      share ? std::optional(*state_.kill_scripts - std::min<Duration>(kLastGrace, *share / 4))
            : std::nullopt;
}

Duration Sequence::kill_grace() const {
  return state_.budget.limit ? Duration(kLastGrace) : Duration(kKillGrace);
}

// Beginning
// ------------------------------------------------------------------------------------------

void Sequence::on(const stimulus::StopRequested& stop, Now now) {
  if (std::exchange(state_.stop_requested, true)) {
    return;
  }
  if (!state_.decided) {
    state_.decided = stop.decided;  // before the main command is told, and says something itself
  }
  switch (state_.phase) {
    case Phase::boot:
      warn("An error occurred. Aborting.");
      state_.aborted = true;
      state_.decided = kAborted;
      state_.scripts.clear();
      begin_end(now);
      if (!state_.script) {
        sweep(now);
        return;
      }
      state_.budget.give_turn(EndUser::scripts, now.mono);
      end_child(*state_.script);
      wait_for(called(*state_.script), settings_.tuning.kill_process,
               state_.budget.share(1, now.mono), now);
      return;
    case Phase::serving:
      begin_end(now);
      if (state_.main) {
        end_main(now);
      } else {
        end_services(now);
      }
      return;
    case Phase::idle:
    case Phase::main_ending:
    case Phase::pre_shutdown:
    case Phase::services_ending:
    case Phase::post_shutdown:
    case Phase::sweeping:
    case Phase::killing:
    case Phase::over:
      return;  // ending already
  }
}

void Sequence::end_main(Now now) {
  enter(Phase::main_ending, now);
  end_child(*state_.main);
  if (!state_.survey_pending) {
    wait_for_main(now);
  }
}

void Sequence::on(const stimulus::Surveyed& surveyed, Now now) {
  state_.survey_pending = false;
  state_.scripts_before_services = surveyed.pre_shutdown;
  state_.scripts_after_services = surveyed.post_shutdown;
  if (state_.phase == Phase::main_ending && state_.main && state_.main->pressed == Pressed::told) {
    wait_for_main(now);
  }
}

/// The daemon needs a little itself, to be sure that what it killed is gone and to write its last
/// words.
void Sequence::end_daemon(Now now) {
  enter(Phase::services_ending, now);
  std::optional<Duration> within =
      state_.budget.share(turns_from(Phase::services_ending), now.mono);
  if (within) {
    *within -= std::min<Duration>(kLastGrace, *within / 4);
  }
  effects_.emplace_back(effect::StopServices{within});
}

/// A process that was stopped acts on a signal only when it goes on.
void Sequence::end_child(RunningChild& child) {
  say(cat({"Shutting down ", called(child), "..."}));
  const bool is_main = state_.main && state_.main->pid == child.pid;
  if (const int signal = is_main ? settings_.options.rewrite.apply(SIGTERM) : SIGTERM) {
    effects_.emplace_back(effect::Kill{child.pid, signal});
  }
  effects_.emplace_back(effect::Kill{child.pid, SIGCONT});
  child.pressed = Pressed::told;
}

// Too late
// -------------------------------------------------------------------------------------------

void Sequence::force(std::optional<RunningChild>& child, Now now) {
  state_.deadline.reset();
  if (child) {
    effects_.emplace_back(effect::Kill{child->pid, SIGKILL, true});
    child->pressed = Pressed::killed;
    state_.deadline = now.mono + kill_grace();
  }
}

void Sequence::overran(std::optional<RunningChild>& child, Now now) {
  state_.deadline.reset();
  if (!child) {
    return;
  }
  switch (child->pressed) {
    case Pressed::no:
      warn(cat({called(*child), " takes too long: everything must be down in time."}));
      end_child(*child);
      state_.deadline = state_.kill_scripts;
      return;
    case Pressed::told:
      warn(cat({called(*child), " did not shut down in time. Forcing it to exit."}));
      force(child, now);
      return;
    case Pressed::killed:
      warn(cat({called(*child), " cannot be killed. Going on without it."}));
      if (&child == &state_.main) {
        main_ended(128 + SIGKILL, now);
      } else {
        script_ended(128 + SIGKILL, now);
      }
      return;
  }
}

void Sequence::on(const stimulus::Hurry& /*hurry*/, Now now) {
  switch (state_.phase) {
    case Phase::boot:
    case Phase::pre_shutdown:
    case Phase::post_shutdown:
      force(state_.script, now);
      return;
    case Phase::main_ending:
      force(state_.main, now);
      return;
    case Phase::sweeping:
      kill_everybody(now);
      return;
    case Phase::idle:
    case Phase::serving:
    case Phase::services_ending:
    case Phase::killing:
    case Phase::over:
      return;
  }
}

void Sequence::on(const stimulus::Deadline& /*deadline*/, Now now) {
  if (!state_.deadline || now.mono < *state_.deadline) {
    return;  // stale
  }
  switch (state_.phase) {
    case Phase::boot:
    case Phase::pre_shutdown:
    case Phase::post_shutdown:
      overran(state_.script, now);
      return;
    case Phase::main_ending:
      overran(state_.main, now);
      return;
    case Phase::sweeping:
      warn("Not all processes have exited in time. Forcing them to exit.");
      kill_everybody(now);
      return;
    case Phase::killing:
      finish(now);
      return;
    case Phase::idle:
    case Phase::serving:
    case Phase::services_ending:
    case Phase::over:
      return;  // these wait for nothing
  }
}

// Leftovers
// ------------------------------------------------------------------------------------------

void Sequence::sweep(Now now) {
  begin_end(now);
  if (!sweeps()) {
    finish(now);
    return;
  }
  enter(Phase::sweeping, now);
  say("Killing all processes...");
  effects_.emplace_back(effect::KillAll{SIGTERM});
  std::optional<Duration> left;
  if (const auto end_by = state_.budget.end_by()) {
    left = std::max<Duration>(*end_by - now.mono, kLeastForLeftovers);
  }
  // No warning that it is little: there may be nobody.
  const std::optional<Duration> time = patience(settings_.tuning.kill_all.time, left);
  state_.deadline = time ? std::optional(now.mono + *time) : std::nullopt;
}

void Sequence::kill_everybody(Now now) {
  enter(Phase::killing, now);
  effects_.emplace_back(effect::KillAll{SIGKILL});
  state_.deadline = now.mono + kill_grace();
}

void Sequence::on(const stimulus::NobodyLeft& /*nobody*/, Now now) {
  if (state_.phase == Phase::sweeping || state_.phase == Phase::killing) {
    finish(now);
  }
}

void Sequence::finish(Now now) {
  enter(Phase::over, now);
  if (state_.aborted) {
    warn("Init system aborted.");
  }
  say(state_.budget.summary(now.mono));
  effects_.emplace_back(effect::End{exit_status()});
}

}  // namespace sv::init
