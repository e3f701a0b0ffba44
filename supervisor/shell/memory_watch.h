#pragma once

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "config/navi_config.h"
#include "navi/notice.h"
#include "os/memory_account.h"
#include "os/memory_pressure.h"
#include "os/reaper.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"

namespace sv::shell {

/// Which of the processes that ended did the kernel kill for want of memory, and did it kill
/// somebody whose end is not ours to see? (docs/design/navi.md)
///
/// The kernel counts a kill before it sends the signal, so a batch of exits is judged by the
/// counter read after it was collected. What is counted and explained by nobody's end may belong to
/// an end that is still to come: it is kept for kGrace, and only then a descendant's.
class MemoryWatch {
 public:
  static constexpr std::chrono::seconds kGrace{1};
  /// Version 1 has no way to be told in a container, and nobody tells that we were moved to another
  /// control group: counter and membership are read when we are awake anyway, at most this often.
  static constexpr std::chrono::seconds kLookInterval{1};

  struct Parts {
    uv::Loop& loop;
    ActivityLog& log;
    const Clock& clock;
    /// We sent SIGKILL to it, or to a group with it.
    std::function<bool(pid_t)> killed_by_us;
    /// Some descendant was killed while those above it live on.
    std::function<void(navi::MemoryFacts facts)> somebody_was_killed;
    std::function<void()> changed;  ///< deadline() did, by itself
    std::string proc = "/proc";
  };

  explicit MemoryWatch(Parts parts);

  /// Calls back whenever the threshold is passed, at most once in its window; `file` is what tells
  /// of it. Where the kernel has no pressure information, or does not let us watch it, that is said
  /// and never happens.
  void watch_pressure(const config::PressureThreshold& threshold,
                      std::function<void(const std::string& file)> passed);

  /// Collected, and not told to anybody yet.
  void ended(std::span<const os::Reaped> batch);

  /// What came out about one of the last batch.
  [[nodiscard]] std::optional<navi::MemoryFacts> judgement(pid_t pid) const;

  /// We are awake: has something been counted? Whether deadline() is another one now.
  bool look();
  /// A program has something to say, perhaps about a worker that was killed: the same, and if it is
  /// too early to look again, later.
  bool look_soon();

  [[nodiscard]] std::optional<MonoTime> deadline() const {
    return grace_ends_ && look_at_ ? std::min(*grace_ends_, *look_at_)
                                   : (grace_ends_ ? grace_ends_ : look_at_);
  }
  void deadline_reached();

  /// Numbers without a verdict.
  [[nodiscard]] navi::MemoryFacts facts() const;

 private:
  [[nodiscard]] navi::MemoryFacts facts_of(navi::MemoryVerdict verdict,
                                           std::optional<std::uint64_t> before,
                                           std::optional<std::uint64_t> after) const;
  [[nodiscard]] bool is_told() const { return events_watch_ >= 0; }
  void watch_events_file();
  void stop_watching_events_file() noexcept;
  /// Why inotify is not there, or nothing.
  [[nodiscard]] std::optional<Error> open_inotify();
  void on_inotify();
  void on_events_changed();
  /// Without those that are counted a second time (os::MemoryCounters::group_kills): nobody ends
  /// for them.
  [[nodiscard]] std::uint64_t without_second_counts(std::uint64_t kills);
  /// The counter, and whether it can be compared with `last_`.
  [[nodiscard]] std::optional<std::uint64_t> read();

  Parts parts_;
  os::MemoryAccount account_;
  std::optional<std::uint64_t> last_;   ///< what has been explained
  std::uint64_t opened_ = 0;            ///< which files `last_` is from
  std::uint64_t group_kills_ = 0;       ///< of the last reading
  std::uint64_t last_group_kills_ = 0;  ///< whose second count has been explained
  std::optional<MonoTime> grace_ends_;
  std::optional<MonoTime> looked_;
  std::optional<MonoTime> look_at_;
  std::map<pid_t, navi::MemoryFacts> judged_;
  UniqueFd inotify_;
  uv::Poll inotify_poll_;    ///< behind inotify_: goes before it
  int events_watch_ = -1;    ///< of the file that is read now; -1: there is none to be told of
  std::string unwatchable_;  ///< what was complained of last
  os::PressureTrigger pressure_;
  uv::Poll pressure_poll_;
};

}  // namespace sv::shell
