#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/event.h"
#include "core/process_state.h"
#include "shell/uv/async.h"
#include "shell/uv/loop.h"

namespace sv::shell {

/// Which log a client follows: a channel of a process, or the daemon's own (no process).
struct LogSource {
  std::optional<core::ProcessId> process;
  core::Channel channel = core::Channel::standard_output;

  friend bool operator==(const LogSource&, const LogSource&) = default;
};

/// Wakes those who follow a log when it was written to: whoever appends says so, nobody polls. Many
/// writes before the next turn of the loop make one wake-up. Costs a comparison per write while
/// nobody follows.
class LogTails {
 public:
  /// Somebody to be woken. Removes itself before it is destroyed.
  class Reader {
   public:
    virtual ~Reader() = default;
    virtual void on_log_grown() = 0;
  };

  explicit LogTails(uv::Loop& loop) : loop_(loop) {}

  void add(LogSource source, Reader& reader);
  void remove(Reader& reader) noexcept;

  void written(const LogSource& source) noexcept {
    if (!entries_.empty()) {
      mark(source);
    }
  }

 private:
  struct Entry {
    LogSource source;
    Reader* reader = nullptr;
    bool grown = false;
  };

  void mark(const LogSource& source) noexcept;
  void wake();

  uv::Loop& loop_;
  std::optional<uv::Async> async_;
  std::vector<Entry> entries_;
  bool waking_ = false;
};

}  // namespace sv::shell
