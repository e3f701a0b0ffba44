#include "shell/http_sink.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/text.h"

namespace sv::shell {

Result<std::unique_ptr<HttpSink>> HttpSink::create(uv::Loop& loop, ActivityLog& log,
                                                   const Clock& clock, HttpTarget target,
                                                   std::string header,
                                                   std::function<void()> changed) {
  std::unique_ptr<HttpSink> sink(
      new HttpSink(loop, log, clock, std::move(target), std::move(header), std::move(changed)));
  Result<uv::Async> go_on = uv::Async::create(loop, [raw = sink.get()] {
    raw->begin();
    raw->changed_();
  });
  if (!go_on) {
    return tl::unexpected(std::move(go_on.error()));
  }
  sink->go_on_.emplace(std::move(*go_on));
  return sink;
}

HttpSink::HttpSink(uv::Loop& loop, ActivityLog& log, const Clock& clock, HttpTarget target,
                   std::string header, std::function<void()> changed)
    : loop_(loop),
      log_(log),
      clock_(clock),
      target_(std::move(target)),
      header_(std::move(header)),
      changed_(std::move(changed)) {}

void HttpSink::send(const navi::Notice& /*notice*/, const std::string& json) noexcept {
  try {
    // The first may be on its way: it is not the one to go.
    while (waiting_.size() > 1 &&
           (waiting_.size() >= kMostWaiting || waiting_bytes_ + json.size() > kMostWaitingBytes)) {
      const auto oldest = waiting_.begin() + (stream_ != nullptr ? 1 : 0);
      waiting_bytes_ -= oldest->size();
      waiting_.erase(oldest);
      ++dropped_;
    }
    waiting_.push_back(json);
    waiting_bytes_ += json.size();
  } catch (const std::exception&) {
    ++dropped_;
  }
  if (stream_ == nullptr && !deadline_) {
    begin();
  }
}

void HttpSink::begin() noexcept {
  deadline_.reset();
  answer_.clear();
  if (waiting_.empty()) {
    return;
  }
  try {
    if (const Result<void> begun = post(waiting_.front()); !begun) {
      try_later(begun.error().message);
    }
  } catch (const std::exception& problem) {
    log_.error(cat({"[navi] http: ", problem.what()}));
    deadline_ = clock_.now().mono + kLongestPause;
  }
}

Result<void> HttpSink::post(const std::string& json) {
  UniqueFd socket(
      ::socket(target_.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) {
    return fail_errno(errno, "cannot make a socket");
  }
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&target_.address),
                target_.address_size) != 0 &&
      errno != EINPROGRESS) {
    return fail_errno(errno, "cannot connect");
  }
  auto stream = uv::Stream::create(loop_, std::move(socket), *this);
  if (!stream) {
    return tl::unexpected(std::move(stream.error()));
  }
  stream_ = std::move(*stream);
  deadline_ = clock_.now().mono + kPatience;
  stream_->write(cat({"POST ", target_.path, " HTTP/1.1\r\nHost: ", target_.host,
                      "\r\nUser-Agent: modinit\r\nContent-Type: application/json\r\n", header_,
                      header_.empty() ? "" : "\r\n", "Content-Length: ",
                      std::to_string(json.size()), "\r\nConnection: close\r\n\r\n", json}));
  return {};
}

void HttpSink::on_bytes(std::string_view bytes) {
  answer_.append(bytes.substr(0, kMostAnswer - std::min(answer_.size(), kMostAnswer)));
  // The status is all that counts; who says it has the notice.
  if (answer_.find('\n') != std::string::npos) {
    answered();
    changed_();
  }
}

void HttpSink::on_closed(const std::optional<Error>& error) {
  try_later(error ? error->message : "the connection was closed without an answer");
  changed_();
}

void HttpSink::answered() {
  constexpr std::size_t kMostSaid = 100;
  const std::string_view line =
      std::string_view(answer_).substr(0, answer_.find_first_of("\r\n")).substr(0, kMostSaid);
  switch (judge_answer(answer_)) {
    case PostOutcome::refused:
      log_.error(cat({"[navi] http: a notice was refused: ", python_repr(line)}));
      delivered();
      break;
    case PostOutcome::taken:
      delivered();
      break;
    case PostOutcome::later:
      try_later(cat({"answer ", python_repr(line)}));
      break;
  }
}

void HttpSink::delivered() {
  waiting_bytes_ -= waiting_.front().size();
  waiting_.pop_front();
  if (std::exchange(pause_, std::chrono::seconds{0}).count() > 0) {
    log_.info("[navi] http: notices are taken again");
  }
  if (const std::size_t dropped = std::exchange(dropped_, 0)) {
    log_.error(cat({"[navi] http: ", std::to_string(dropped), " notices were lost meanwhile"}));
  }
  stream_.reset();
  deadline_.reset();
  go_on_->post();
}

void HttpSink::try_later(const std::string& problem) {
  if (pause_.count() == 0) {
    log_.warn(cat({"[navi] http: cannot post a notice, will try again: ", problem}));
  }
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  deadline_ = clock_.now().mono + pause_;
  stream_.reset();
}

void HttpSink::deadline_reached(Now now) noexcept {
  if (!deadline_ || now.mono < *deadline_) {
    return;
  }
  if (stream_ == nullptr) {
    begin();
    return;
  }
  try {
    try_later("no answer in time");
  } catch (const std::exception&) {
    stream_.reset();
    deadline_ = now.mono + kLongestPause;
  }
}

}  // namespace sv::shell
