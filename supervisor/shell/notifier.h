#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "config/navi_config.h"
#include "core/event.h"
#include "core/supervisor.h"
#include "navi/notice.h"
#include "navi/notice_queue.h"
#include "navi/notice_rate.h"
#include "navi/notify.h"
#include "os/reaper.h"
#include "shell/last_words.h"
#include "shell/memory_watch.h"
#include "shell/notice_sink.h"
#include "shell/run_mark.h"
#include "shell/stream_output.h"

namespace sv::shell {

/// The built-in notifier ([navi]): a notice for every program that ends unexpectedly, does not come
/// up, is given up, or is killed for memory; to a directory and to sinks. Runs with the daemon's
/// identity, on its loop; what cannot be written is kept, bounded, and tried again.
/// docs/notifications.md says what is in it, docs/design/navi.md how it comes about.
class Notifier {
 public:
  /// References outlive the notifier.
  struct Parts {
    uv::Loop& loop;
    const Clock& clock;
    ActivityLog& log;
    StandardOutputs& outputs;
    std::string identifier;  ///< the `server` of the notice's header
    std::function<bool(pid_t)> killed_by_us;
    std::function<void()> changed;                    ///< deadline() did, by itself
    std::function<void(const core::Event&)> publish;  ///< to event listeners
  };

  Notifier(Parts parts, const config::NaviConfig& config);

  // What it has to know, in the order in which it happens -----------------------------------------

  void said(core::ProcessId id, core::Channel channel, std::string_view bytes) noexcept;
  /// Children were collected; nobody has been told yet.
  void ended(std::span<const os::Reaped> batch);
  /// Files behind the channels of a process.
  struct Logs {
    std::optional<std::string> out;
    std::optional<std::string> err;
  };
  void state_changed(const core::Process& process, const core::StateChange& change,
                     const Logs& logs);
  /// An orphan of the last batch, and the program it was left by, if that is known.
  void orphan_ended(const os::Reaped& orphan, const std::optional<std::string>& program);
  /// Whether an event of this type, other than a change of state, is to become a notice.
  [[nodiscard]] bool wants(core::EventType type) const;
  void on_event(const core::Event& event);
  void process_gone(core::ProcessId id) {
    words_.forget(id);
    up_since_.erase(id);
  }
  /// Whether the child was one of a sink's.
  [[nodiscard]] bool child_exited(pid_t pid, WaitStatus status) noexcept;

  /// Anything else to be told.
  void report(navi::Notice notice);

  /// The daemon's end, or that of this life of it, is as it should be.
  void clean_end() noexcept { mark_.remove(); }

  // Time -----------------------------------------------------------------------------------------

  /// The daemon is awake.
  void look() { static_cast<void>(memory_.look()); }
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  void deadline_reached();

 private:
  [[nodiscard]] bool is_news(const core::StateChange& change) const;
  [[nodiscard]] navi::Notice describe(const core::Process& process, const core::StateChange& change,
                                      const Logs& logs);
  void describe_memory(navi::Notice& notice, pid_t pid);
  [[nodiscard]] navi::Notice notice_of(std::string_view event, std::string_view payload);
  void descendant_was_killed(const std::optional<std::string>& program, navi::MemoryFacts facts);
  void flush();
  void announce(const core::Process& process, const core::StateChange& change,
                const std::optional<navi::MemoryFacts>& memory);
  void tell_of_previous_run();
  void pressure_passed(const std::string& file);

  Parts parts_;
  std::vector<core::EventType> events_;  ///< that are news; empty: the default
  std::size_t tail_bytes_;               ///< of the last words, in a notice
  LastWords words_;
  /// When the run of a program began that is, or was, RUNNING. By the time a crash is told its
  /// record may have the start of the next one.
  std::map<core::ProcessId, Now> up_since_;
  MemoryWatch memory_;
  std::map<pid_t, os::Reaped> ended_;  ///< of the last batch
  std::optional<navi::NoticeWriter> writer_;
  navi::NoticeQueue queue_;
  navi::NoticeRate rate_;
  navi::NoticeNumbering numbering_;
  std::vector<std::unique_ptr<NoticeSink>> sinks_;
  std::uint64_t serial_ = 0;
  RunMark mark_;
  std::chrono::seconds pressure_pause_;
  std::optional<MonoTime> pressure_told_;
};

}  // namespace sv::shell
