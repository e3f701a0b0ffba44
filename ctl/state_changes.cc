#include "ctl/state_changes.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace sv::ctl {
namespace {

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::seconds kLongestPause{1};

MonoTime sooner(MonoTime time, const std::optional<MonoTime>& deadline) {
  return deadline ? std::min(time, *deadline) : time;
}

}  // namespace

bool take_events(std::string& text) {
  bool found = false;
  std::size_t begin = 0;
  // An event ends with an empty line; a line can end with "\r\n", "\n" or "\r".
  std::erase(text, '\r');
  for (std::size_t end = text.find("\n\n"); end != std::string::npos;
       end = text.find("\n\n", begin)) {
    for (const std::string_view line :
         split(std::string_view(text).substr(begin, end - begin), '\n')) {
      found = found || line.starts_with("data") || line.starts_with("event");
    }
    begin = end + 2;
  }
  text.erase(0, begin);
  return found;
}

StateChanges::StateChanges(const Endpoint& endpoint, const Patience& patience)
    : pause_(kFirstPause) {
  const MonoTime answer_by = sooner(SystemClock().now().mono + kAnswerWithin, patience.deadline);
  const Patience until_answer(patience.interrupts, answer_by);
  auto stream = LogStream::open(endpoint, "/events", until_answer);
  if (!stream) {
    return;
  }
  while (!stream->is_answered()) {
    if (wait_for(stream->fd(), POLLIN, until_answer) != Wait::ready || !stream->pump(unread_)) {
      return;
    }
  }
  stream_.emplace(std::move(*stream));
}

bool StateChanges::take() {
  const bool open = stream_->pump(unread_);
  const bool changed = take_events(unread_);
  if (!open) {
    stream_.reset();
  }
  return changed || !open;
}

Wait StateChanges::wait(const Patience& patience) {
  while (stream_) {
    const Wait ended = wait_for(stream_->fd(), POLLIN, patience);
    if (ended != Wait::ready || take()) {
      return ended;
    }
  }
  const MonoTime again = SystemClock().now().mono + pause_;
  pause_ = std::min<Duration>(pause_ * 2, kLongestPause);
  const Wait ended = wait_for(-1, POLLIN, {patience.interrupts, sooner(again, patience.deadline)});
  if (ended == Wait::timed_out && !(patience.deadline && *patience.deadline <= again)) {
    return Wait::ready;
  }
  return ended;
}

}  // namespace sv::ctl
