#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/effect.h"

namespace sv::core {

/// Where an event listener stands in its protocol, with the reference's numbers.
enum class ListenerState { ready = 10, busy = 20, acknowledged = 30, unknown = 40 };

/// "READY", "BUSY", "ACKNOWLEDGED", "UNKNOWN".
[[nodiscard]] std::string_view listener_state_name(ListenerState state);

/// What a listener made of the event it was given.
enum class Verdict { processed, rejected };

/// Parses the standard output of one event listener (supervisor-protocol, 4.6). Pure; reads may end
/// anywhere.
///
///   ACKNOWLEDGED  READY\n                 -> READY
///   ACKNOWLEDGED  six other bytes         -> UNKNOWN
///   READY         any byte                -> UNKNOWN
///   READY         event_sent()            -> BUSY
///   BUSY          RESULT <n>\n, n bytes   -> ACKNOWLEDGED; processed if they are "OK", else
///   rejected BUSY          any other line          -> UNKNOWN, rejected UNKNOWN       anything
///   discarded; only restarted() helps
///
/// As in the reference the word RESULT is not checked, only its length. Unlike there, "RESULT 0" is
/// complete with its line feed, and a negative length is a violation like any bad line.
///
/// Limits, beyond which the listener is in violation: kMaxResultLine, kMaxResultBytes. Results are
/// compared, not stored.
class ListenerProtocol {
 public:
  static constexpr std::size_t kMaxResultLine = 4096;
  static constexpr std::size_t kMaxResultBytes = std::size_t{1024} * 1024;

  /// What one read amounted to. At most one event is decided by it, because the next one is sent
  /// only after the read was looked at.
  struct Outcome {
    std::optional<Verdict> verdict;
    std::vector<effect::Log> logs;
  };

  /// `process_name` is for the log texts.
  explicit ListenerProtocol(std::string process_name);

  /// A new process begins in ACKNOWLEDGED with nothing read.
  void restarted();

  /// READY -> BUSY. The reference does not log this one.
  void event_sent();

  /// BUSY -> READY: the event could not be written after all.
  void event_not_sent();

  [[nodiscard]] Outcome feed(std::string_view bytes);

  [[nodiscard]] ListenerState state() const { return state_; }

 private:
  std::string_view acknowledged(std::string_view rest, Outcome& out);
  std::string_view result_line(std::string_view rest, Outcome& out);
  std::string_view result_body(std::string_view rest, Outcome& out);
  void result_complete(Outcome& out);
  void violation(Outcome& out);
  void enter(ListenerState to, Outcome& out);

  std::string process_name_;
  ListenerState state_ = ListenerState::acknowledged;
  std::string buffer_;                        ///< the beginning of a READY or RESULT line
  std::optional<std::size_t> result_length_;  ///< announced; set while the body is being read
  std::size_t result_read_ = 0;
  bool result_is_ok_ = false;  ///< what was read so far is the beginning of "OK"
};

}  // namespace sv::core
