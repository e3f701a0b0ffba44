#include "navi/listener.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace sv::navi {
namespace {

constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
constexpr std::size_t kMaxDumpBytes = 1024;
constexpr std::chrono::minutes kQuiet{1};

}  // namespace

Listener::Listener(Channels channels, NoticeQueue& queue, const Log& log, const Clock& clock,
                   std::uint32_t run)
    : channels_(channels), queue_(queue), log_(log), clock_(clock), numbering_(run) {}

int Listener::run() {
  if (!answer("READY\n")) {
    return end(Next::broken);
  }
  Next next = Next::go_on;
  while (next == Next::go_on) {
    next = wait_and_read();
    if (next == Next::go_on) {
      next = handle_frames();
    }
  }
  return end(next);
}

/// Waits for input, or for the time to try again what could not be written.
Listener::Next Listener::wait_and_read() {
  pollfd ready{.fd = channels_.in, .events = POLLIN, .revents = 0};
  const int count = ::poll(&ready, 1, milliseconds_to_wait());
  if (count == 0) {
    flush();
    return Next::go_on;
  }
  std::array<char, kReadBytes> buffer;
  const ssize_t length = count < 0 ? -1 : ::read(channels_.in, buffer.data(), buffer.size());
  if (length < 0) {
    const int error = errno;
    if (error == EINTR || error == EAGAIN) {
      return Next::go_on;
    }
    log_.write(LogLevel::error, cat({"cannot read events: ", errno_text(error)}));
    return Next::broken;
  }
  if (length == 0) {
    return Next::end_of_input;
  }
  reader_.feed(std::string_view(buffer.data(), static_cast<std::size_t>(length)));
  return Next::go_on;
}

Listener::Next Listener::handle_frames() {
  while (true) {
    Result<std::optional<wire::EventFrame>> frame = reader_.next();
    if (!frame) {
      log_.write(LogLevel::error, cat({"cannot understand events: ", frame.error().message}));
      return Next::broken;
    }
    if (!*frame) {
      return Next::go_on;
    }
    if (!handle(std::move(**frame))) {
      return Next::broken;
    }
  }
}

/// One event: notice, answer, and ready for the next. False if the answer could not be written.
bool Listener::handle(wire::EventFrame frame) {
  if (log_.enabled(LogLevel::debug)) {
    log_.write(LogLevel::debug,
               cat({"Event payload: ",
                    python_repr(std::string_view(frame.payload).substr(0, kMaxDumpBytes))}));
  }
  warn_about_duplicates(frame.header);
  Notice notice = notice_from_frame(std::move(frame), clock_.now().wall);
  warn_about_duplicates(notice.metadata);
  numbering_.number(notice);
  std::string content = render(notice);
  if (!queue_.empty()) {
    flush();  // what waits is older, and makes room
  }
  if (!queue_.has_room(content.size())) {
    log_.write(LogLevel::error, "Too many notices wait to be written, refusing event");
    return answer("RESULT 4\nFAILREADY\n");
  }
  queue_.push(std::move(content));
  flush();
  return answer("RESULT 2\nOKREADY\n");
}

bool Listener::answer(const char* text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(channels_.out, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      log_.write(LogLevel::error, cat({"cannot write answer: ", errno_text(errno)}));
      return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

void Listener::flush() {
  const Now now = clock_.now();
  const NoticeQueue::Report report = queue_.flush(now);
  for (const std::string& path : report.written) {
    log_.write(LogLevel::info, cat({"Wrote file ", path}));
  }
  if (!report.error) {
    quiet_until_ = {};
  } else if (now.mono >= quiet_until_) {
    quiet_until_ = now.mono + kQuiet;
    log_.write(
        LogLevel::error,
        cat({report.error->message, "; will try again, waiting: ", std::to_string(queue_.size())}));
  }
}

/// Rounded up, so that the deadline has come when poll() returns.
int Listener::milliseconds_to_wait() const {
  const std::optional<MonoTime> deadline = queue_.deadline();
  if (!deadline) {
    return -1;
  }
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.now().mono).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

int Listener::end(Next why) {
  if (why == Next::end_of_input && !reader_.at_boundary()) {
    log_.write(LogLevel::warning, "Input ended in the middle of an event, which is dropped");
  }
  flush();
  if (!queue_.empty()) {
    log_.write(LogLevel::error, cat({"Notices that could not be written are lost: ",
                                     std::to_string(queue_.size())}));
  }
  log_.write(LogLevel::info, why == Next::end_of_input ? "End of input" : "Giving up");
  return why == Next::end_of_input ? 0 : 1;
}

void Listener::warn_about_duplicates(const wire::Tokens& tokens) const {
  std::set<std::string_view> seen;
  for (const auto& [key, value] : tokens) {
    if (!seen.insert(key).second) {
      log_.write(LogLevel::warning,
                 cat({"Key occurs twice, the last one counts: ", python_repr(key)}));
      return;
    }
  }
}

}  // namespace sv::navi
