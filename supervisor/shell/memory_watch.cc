#include "shell/memory_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "navi/memory_verdict.h"

namespace sv::shell {

MemoryWatch::MemoryWatch(Parts parts) : parts_(std::move(parts)), account_(parts_.proc) {
  last_ = read();
  last_group_kills_ = group_kills_;
}

/// A counter in other files than before says nothing about what was counted in those, and it is the
/// other ones that have to be watched.
std::optional<std::uint64_t> MemoryWatch::read() {
  const std::optional<os::MemoryCounters> counters = account_.counters();
  if (!counters) {
    stop_watching_events_file();
    return std::nullopt;
  }
  if (std::exchange(opened_, counters->opened) != counters->opened) {
    last_.reset();
    watch_events_file();
  }
  group_kills_ = counters->group_kills.value_or(0);
  return counters->kills;
}

void MemoryWatch::ended(std::span<const os::Reaped> batch) {
  judged_.clear();
  if (batch.empty()) {
    return;
  }
  std::vector<navi::EndedProcess> ends;
  ends.reserve(batch.size());
  for (const os::Reaped& one : batch) {
    ends.push_back({one.pid, one.status, parts_.killed_by_us(one.pid)});
  }
  const std::optional<std::uint64_t> after = read();
  const std::optional<std::uint64_t> before = last_;
  const navi::MemoryJudgement judgement = navi::judge(ends, before, after);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    judged_.insert_or_assign(ends[i].pid, facts_of(judgement.verdicts[i], before, after));
  }
  last_ = after;
  const std::uint64_t open = after ? without_second_counts(judgement.unattributed) : 0;
  if (open > 0) {
    last_ = *after - open;
    if (!grace_ends_) {
      grace_ends_ = parts_.clock.now().mono + kGrace;
    }
  } else {
    grace_ends_.reset();
  }
}

std::uint64_t MemoryWatch::without_second_counts(std::uint64_t kills) {
  const std::uint64_t groups = std::exchange(last_group_kills_, group_kills_);
  const std::uint64_t twice = group_kills_ > groups ? group_kills_ - groups : 0;
  return kills - std::min(kills, twice);
}

std::optional<navi::MemoryFacts> MemoryWatch::judgement(pid_t pid) const {
  const auto at = judged_.find(pid);
  return at != judged_.end() ? std::optional(at->second) : std::nullopt;
}

bool MemoryWatch::look() {
  const MonoTime now = parts_.clock.now().mono;
  if (grace_ends_ || (looked_ && now < *looked_ + kLookInterval)) {
    return false;  // we wait already, or have just looked
  }
  looked_ = now;
  on_events_changed();
  return grace_ends_.has_value();
}

bool MemoryWatch::look_soon() {
  if (!is_told() && !grace_ends_ && !look_at_ && looked_ &&
      parts_.clock.now().mono < *looked_ + kLookInterval) {
    look_at_ = *looked_ + kLookInterval;
    return true;
  }
  return look();
}

void MemoryWatch::on_events_changed() {
  const std::optional<std::uint64_t> count = read();
  if (!last_ || !count || *count < *last_) {
    last_ = count;
    last_group_kills_ = group_kills_;
  } else if (*count > *last_ && !grace_ends_) {
    grace_ends_ = parts_.clock.now().mono + kGrace;
  }
}

void MemoryWatch::deadline_reached() {
  if (look_at_ && *look_at_ <= parts_.clock.now().mono) {
    look_at_.reset();
    static_cast<void>(look());
  }
  if (!grace_ends_ || parts_.clock.now().mono < *grace_ends_) {
    return;
  }
  grace_ends_.reset();
  const std::optional<std::uint64_t> count = read();
  const std::optional<std::uint64_t> before = std::exchange(last_, count);
  const std::uint64_t open =
      before && count && *count > *before ? without_second_counts(*count - *before) : 0;
  if (open > 0) {
    navi::MemoryFacts facts = facts_of(navi::MemoryVerdict::certain, *count - open, count);
    facts.attributed = false;
    parts_.somebody_was_killed(std::move(facts));
  }
}

navi::MemoryFacts MemoryWatch::facts() const {
  navi::MemoryFacts facts;
  facts.cgroup_version = account_.version();
  facts.counter = account_.source();
  facts.kills_after = last_;
  const os::MemoryLevels levels = account_.levels();
  facts.limit_bytes = levels.limit;
  facts.usage_bytes = levels.usage;
  facts.peak_bytes = levels.peak;
  return facts;
}

navi::MemoryFacts MemoryWatch::facts_of(navi::MemoryVerdict verdict,
                                        std::optional<std::uint64_t> before,
                                        std::optional<std::uint64_t> after) const {
  using navi::MemoryVerdict;
  navi::MemoryFacts facts;
  facts.verdict = verdict;
  if (verdict == MemoryVerdict::certain || verdict == MemoryVerdict::likely ||
      verdict == MemoryVerdict::possible) {
    facts = this->facts();  // opens files, so only when there is something to tell
    facts.verdict = verdict;
    facts.source = navi::MemoryFacts::Source::kernel;
  } else {
    facts.cgroup_version = account_.version();
    facts.counter = account_.source();
  }
  facts.kills_before = before;
  facts.kills_after = after;
  return facts;
}

void MemoryWatch::watch_pressure(const config::PressureThreshold& threshold,
                                 std::function<void(const std::string& file)> passed) {
  auto trigger = os::set_pressure_trigger(account_.pressure_files(),
                                          {threshold.full, threshold.stall, threshold.window});
  if (!trigger) {
    parts_.log.warn(cat({"[navi] pressure cannot be watched: ", trigger.error().message}));
    return;
  }
  auto poll = uv::Poll::create(parts_.loop, trigger->fd.get(),
                               [this, passed = std::move(passed)](uv::Poll::Ready ready) {
                                 if (ready.failed) {
                                   pressure_poll_.stop();  // the control group is gone
                                   return;
                                 }
                                 passed(pressure_.file);
                                 parts_.changed();
                               });
  if (!poll) {
    parts_.log.warn(cat({"[navi] pressure cannot be watched: ", poll.error().message}));
    return;
  }
  parts_.log.info(cat({"[navi] watching ", trigger->file}));
  pressure_ = *std::move(trigger);
  pressure_poll_ = std::move(*poll);
  pressure_poll_.start(uv::Poll::Interest::urgent);
}

/// Version 2 tells, also where it is mounted read-only.
void MemoryWatch::watch_events_file() {
  stop_watching_events_file();
  const std::optional<std::string> file = account_.events_file();
  if (!file) {
    return;
  }
  std::optional<Error> problem = open_inotify();
  if (!problem) {
    events_watch_ = ::inotify_add_watch(inotify_.get(), file->c_str(), IN_MODIFY);
    if (events_watch_ < 0) {
      problem = fail_errno(errno, cat({"cannot watch ", *file})).value();
    }
  }
  if (problem && std::exchange(unwatchable_, problem->message) != problem->message) {
    parts_.log.warn(
        cat({problem->message, "; kills for memory that end no program are noticed later"}));
  }
}

void MemoryWatch::stop_watching_events_file() noexcept {
  if (const int watch = std::exchange(events_watch_, -1); watch >= 0) {
    ::inotify_rm_watch(inotify_.get(), watch);
  }
}

/// Once, when there is the first file to be watched.
std::optional<Error> MemoryWatch::open_inotify() {
  if (inotify_) {
    return std::nullopt;
  }
  UniqueFd inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!inotify) {
    return fail_errno(errno, "cannot watch memory.events").value();
  }
  auto poll =
      uv::Poll::create(parts_.loop, inotify.get(), [this](uv::Poll::Ready) { on_inotify(); });
  if (!poll) {
    return poll.error();
  }
  inotify_ = std::move(inotify);
  inotify_poll_ = std::move(*poll);
  inotify_poll_.start(uv::Poll::Interest::readable);
  return std::nullopt;
}

/// What it says does not matter: the counter tells.
void MemoryWatch::on_inotify() {
  std::array<char, 4096> events{};
  while (::read(inotify_.get(), events.data(), events.size()) > 0) {
  }
  on_events_changed();
  parts_.changed();
}

}  // namespace sv::shell
