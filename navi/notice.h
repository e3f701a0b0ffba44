#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "base/wait_status.h"
#include "navi/memory_verdict.h"
#include "wire/event_frame.h"

/// What a notice says and how it is written: one JSON object that readers of Navi 1.0.0's files
/// understand (init-and-images, 4.3 and 4.6). Values only; the directory is notify.h's business.
namespace sv::navi {

/// Why somebody should look. Readers treat a kind they do not know as a crash.
enum class Kind {
  crash,      ///< a program ended unexpectedly
  fatal,      ///< it is not started any more
  oom,        ///< it ended for want of memory
  exit,       ///< it ended as expected
  lost,       ///< notices could not be written or kept
  pressure,   ///< memory is getting short, nobody has ended yet
  container,  ///< the container's previous run ended without a clean stop
};

/// "crash", "fatal", ...
[[nodiscard]] std::string_view kind_name(Kind kind);

/// In which part of its life a program crashed.
enum class Phase { starting, running };

/// "starting", "running".
[[nodiscard]] std::string_view phase_name(Phase phase);

/// What is known about the program. What is not known is left out of the object.
struct ProcessFacts {
  std::string name;
  std::string group;
  std::optional<pid_t> pid;
  std::optional<std::string> command;
  std::optional<std::string> user;
  std::optional<WallTime> started_at;
  std::optional<WallTime> ended_at;
  std::optional<Duration> uptime;
  std::optional<WaitStatus> status;  ///< exit code or signal, and whether core was dumped
  std::optional<bool> stopped_by_supervisor;
  std::optional<std::uint64_t> restarts;
  std::optional<bool> will_restart;
  std::optional<WallTime> next_start_at;
};

/// Whether it ended for want of memory, and the numbers behind that.
struct MemoryFacts {
  enum class Source {
    kernel,
    runtime
  };  ///< who noticed: the kernel that killed, or its own runtime

  MemoryVerdict verdict = MemoryVerdict::unknown;
  std::optional<Source> source;
  bool attributed = true;  ///< false: some descendant of a program that lives on
  std::optional<std::uint64_t> kills_before;
  std::optional<std::uint64_t> kills_after;
  int cgroup_version = 0;  ///< 0: none
  std::string counter;     ///< the file the kills were counted in
  std::optional<std::uint64_t> limit_bytes;
  std::optional<std::uint64_t> usage_bytes;
  std::optional<std::uint64_t> peak_bytes;
  std::string runtime;  ///< "node", "java", ...
  std::string pattern;  ///< the words it was recognised by
};

/// What it had used when it ended, with the children it waited for.
struct ResourceFacts {
  std::uint64_t max_memory_bytes = 0;
  Duration user_time{};
  Duration system_time{};
};

/// What it wrote last, and where its output goes.
struct OutputFacts {
  static constexpr std::size_t kMaxTailBytes = 65536;  ///< of a tail, from its end, are written

  struct Channel {
    std::optional<std::string> file;
    std::string tail;
  };
  std::optional<Channel> out;
  std::optional<Channel> err;
};

/// Where this happened.
struct ContainerFacts {
  std::string host_name;
  pid_t daemon_pid = 0;  ///< 1: process 1 of the container
};

/// One notice. The first four members are Navi 1.0.0's object, the others are additions.
struct Notice {
  wire::Tokens header;
  wire::Tokens metadata;
  std::string payload;
  WallTime received_at{};

  std::optional<Kind> kind;  ///< none: an event that is neither good nor bad news
  std::optional<Phase> phase;
  std::string id;              ///< unique over runs; empty: left out
  std::uint64_t sequence = 0;  ///< within this run, from 1; 0: left out
  std::optional<ProcessFacts> process;
  std::optional<MemoryFacts> memory;
  std::optional<ResourceFacts> resources;
  std::optional<OutputFacts> output;
  std::optional<ContainerFacts> container;
  std::uint64_t suppressed = 0;  ///< notices not written since the last one; 0: left out
};

/// The notice of an event as a listener receives it: its payload is split into the tokens of its
/// first line and what follows, and kind, phase and process are read from them.
[[nodiscard]] Notice notice_from_frame(wire::EventFrame frame, WallTime received_at);

/// The same for an event that was never on the wire; the header is what a listener would have got.
[[nodiscard]] Notice notice_from_event(const wire::EventEnvelope& envelope,
                                       std::string_view payload, WallTime received_at);

/// Tells that `count` notices are missing.
[[nodiscard]] Notice notice_of_loss(std::uint64_t count, WallTime at);

/// The object on one line, without a line feed. Times are UTC with nine digits, keys of Header and
/// Metadata are sorted, of equal ones the last counts; bytes that are not UTF-8 become U+FFFD; "<",
/// ">", "&", U+2028 and U+2029 are escaped.
[[nodiscard]] std::string render(const Notice& notice);

/// Numbers the notices of one run of a program.
class NoticeNumbering {
 public:
  /// `run` tells runs apart; any random number.
  explicit NoticeNumbering(std::uint32_t run) : run_(run) {}

  /// Sets id and sequence.
  void number(Notice& notice);

 private:
  std::uint32_t run_;
  std::uint64_t last_ = 0;
};

/// "2026-11-23T02:25:54.005840827Z".
[[nodiscard]] std::string utc_timestamp(WallTime time);

}  // namespace sv::navi
