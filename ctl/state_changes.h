#pragma once

#include <optional>
#include <string>

#include "ctl/interrupts.h"
#include "ctl/log_stream.h"
#include "ctl/rpc_client.h"

namespace sv::ctl {

/// Says when it is worth asking for the states again: after each of the daemon's server-sent
/// events (/events), so that nothing is asked while nothing happens. A daemon without them
/// (Supervisor) has to be asked from time to time: at first often, then once a second.
///
/// Make it before the first question, or a change between the two is missed.
class StateChanges {
 public:
  /// How long a daemon may take to say whether it has events.
  static constexpr std::chrono::seconds kAnswerWithin{2};

  /// Subscribes and waits for the answer. That nobody can be reached shows with the first question.
  StateChanges(const Endpoint& endpoint, const Patience& patience);

  /// Waits until asking again is worth it.
  [[nodiscard]] Wait wait(const Patience& patience);

  // For callers that wait for more than this at a time.

  /// Readable when take() has something to do; -1 when the daemon does not push.
  [[nodiscard]] int fd() const { return stream_ ? stream_->fd() : -1; }
  /// Reads what is there. True: something has changed, or the stream has ended and nobody knows.
  [[nodiscard]] bool take();
  [[nodiscard]] bool is_pushed() const { return stream_.has_value(); }

 private:
  std::optional<LogStream> stream_;
  std::string unread_;  ///< the beginning of an event
  Duration pause_;      ///< the next one between two questions
};

/// Whether a piece of an event stream holds whole events; `text` keeps what comes behind them.
/// Comments, which servers send to keep a connection open, are none.
[[nodiscard]] bool take_events(std::string& text);

}  // namespace sv::ctl
