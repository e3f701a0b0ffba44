#include "core/listener_state.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/parse.h"
#include "base/text.h"

namespace sv::core {
namespace {

constexpr std::string_view kReadyToken = "READY\n";
constexpr std::string_view kResultToken = "RESULT ";
constexpr std::string_view kOk = "OK";

/// The length a result line announces; nullopt if it is none we accept.
std::optional<std::size_t> announced_length(std::string_view line) {
  line.remove_prefix(std::min(line.size(), kResultToken.size()));
  const Result<std::int64_t> length = parse_integer(line);
  if (!length || *length < 0 ||
      static_cast<std::uint64_t>(*length) > ListenerProtocol::kMaxResultBytes) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(*length);
}

std::string printable(std::string_view line) {
  return is_valid_utf8(line) ? std::string(line) : cat({"Undecodable: ", python_bytes_repr(line)});
}

}  // namespace

std::string_view listener_state_name(ListenerState state) {
  switch (state) {
    case ListenerState::ready:
      return "READY";
    case ListenerState::busy:
      return "BUSY";
    case ListenerState::acknowledged:
      return "ACKNOWLEDGED";
    case ListenerState::unknown:
      return "UNKNOWN";
  }
  return "?";
}

ListenerProtocol::ListenerProtocol(std::string process_name)
    : process_name_(std::move(process_name)) {}

void ListenerProtocol::restarted() {
  state_ = ListenerState::acknowledged;
  buffer_.clear();
  result_length_.reset();
}

void ListenerProtocol::event_sent() {
  if (state_ == ListenerState::ready) {
    state_ = ListenerState::busy;
  }
}

void ListenerProtocol::event_not_sent() {
  if (state_ == ListenerState::busy) {
    state_ = ListenerState::ready;
    buffer_.clear();
    result_length_.reset();
  }
}

ListenerProtocol::Outcome ListenerProtocol::feed(std::string_view bytes) {
  Outcome out;
  while (!bytes.empty()) {
    switch (state_) {
      case ListenerState::acknowledged:
        bytes = acknowledged(bytes, out);
        break;
      case ListenerState::ready:
        violation(out);
        break;
      case ListenerState::busy:
        bytes = result_length_ ? result_body(bytes, out) : result_line(bytes, out);
        break;
      case ListenerState::unknown:
        return out;
    }
  }
  return out;
}

std::string_view ListenerProtocol::acknowledged(std::string_view rest, Outcome& out) {
  const std::size_t taken = std::min(rest.size(), kReadyToken.size() - buffer_.size());
  buffer_ += rest.substr(0, taken);
  if (buffer_.size() == kReadyToken.size()) {
    if (buffer_ == kReadyToken) {
      buffer_.clear();
      enter(ListenerState::ready, out);
    } else {
      violation(out);
    }
  }
  return rest.substr(taken);
}

std::string_view ListenerProtocol::result_line(std::string_view rest, Outcome& out) {
  const std::size_t line_feed = rest.find('\n');
  const std::size_t room = kMaxResultLine - buffer_.size();
  buffer_ += rest.substr(0, std::min(line_feed, room));
  if (line_feed == std::string_view::npos && rest.size() <= room) {
    return {};
  }
  const std::optional<std::size_t> length =
      line_feed <= room ? announced_length(buffer_) : std::nullopt;
  if (!length) {
    out.logs.push_back(
        {Level::warn, cat({process_name_, ": bad result line: '", printable(buffer_), "'"})});
    violation(out);
    return {};
  }
  buffer_.clear();
  result_length_ = *length;
  result_read_ = 0;
  result_is_ok_ = true;
  if (*length == 0) {
    result_complete(out);
  }
  return rest.substr(line_feed + 1);
}

std::string_view ListenerProtocol::result_body(std::string_view rest, Outcome& out) {
  const std::string_view body = rest.substr(0, *result_length_ - result_read_);
  result_is_ok_ = result_is_ok_ && result_read_ <= kOk.size() &&
                  kOk.substr(result_read_).substr(0, body.size()) == body;
  result_read_ += body.size();
  if (result_read_ == *result_length_) {
    result_complete(out);
  }
  return rest.substr(body.size());
}

void ListenerProtocol::result_complete(Outcome& out) {
  const bool processed = result_is_ok_ && *result_length_ == kOk.size();
  out.verdict = processed ? Verdict::processed : Verdict::rejected;
  out.logs.push_back(processed
                         ? effect::Log{Level::debug, cat({process_name_, ": event was processed"})}
                         : effect::Log{Level::warn, cat({process_name_, ": event was rejected"})});
  result_length_.reset();
  enter(ListenerState::acknowledged, out);
}

/// The listener cannot be understood any more; an event it holds goes back.
void ListenerProtocol::violation(Outcome& out) {
  if (state_ == ListenerState::busy) {
    out.verdict = Verdict::rejected;
  }
  buffer_.clear();
  result_length_.reset();
  enter(ListenerState::unknown, out);
}

void ListenerProtocol::enter(ListenerState to, Outcome& out) {
  out.logs.push_back({Level::debug, cat({process_name_, ": ", listener_state_name(state_), " -> ",
                                         listener_state_name(to)})});
  state_ = to;
  if (to == ListenerState::unknown) {
    out.logs.push_back(
        {Level::warn, cat({process_name_,
                           ": has entered the UNKNOWN state and will no longer receive events, "
                           "this usually indicates the process violated the eventlistener "
                           "protocol"})});
  }
}

}  // namespace sv::core
