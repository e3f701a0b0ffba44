#include "shell/http_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kUnix = "unix://";
constexpr std::size_t kMostHosts = std::size_t{256} * 1024;

/// The first address that /etc/hosts has for a name. Nobody else is asked: that would block, and a
/// static program cannot ask the system's resolver.
std::string address_of(const std::string& name, const std::string& hosts_file) {
  if (name == "localhost") {
    return "127.0.0.1";
  }
  const std::string text = os::read_file(hosts_file, 0, kMostHosts).value_or("");
  for (std::string_view line : split(text, '\n')) {
    line = line.substr(0, line.find('#'));
    const std::vector<std::string_view> words = split_words(line);
    if (words.size() > 1 && std::find(words.begin() + 1, words.end(), name) != words.end()) {
      return std::string(words.front());
    }
  }
  return name;
}

template <class Address>
void put(HttpTarget& target, const Address& address) {
  static_assert(sizeof address <= sizeof target.address);
  std::memcpy(&target.address, &address, sizeof address);
  target.address_size = sizeof address;
}

bool put_numeric(HttpTarget& target, const std::string& host, std::uint16_t port) {
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    put(target, v4);
    return true;
  }
  if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    put(target, v6);
    return true;
  }
  return false;
}

Result<HttpTarget> unix_target(std::string_view url) {
  const std::string_view path = url.substr(kUnix.size());
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::invalid_argument, cat({"no socket path in ", url}));
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  HttpTarget target;
  put(target, address);
  target.host = "localhost";
  target.path = "/";
  return target;
}

}  // namespace

Result<HttpTarget> HttpTarget::parse(std::string_view url, const std::string& hosts_file) {
  if (url.starts_with(kUnix)) {
    return unix_target(url);
  }
  if (!url.starts_with(kHttp)) {
    return fail(ErrorCode::invalid_argument, cat({"neither http:// nor unix:// : ", url}));
  }
  const std::string_view rest = url.substr(kHttp.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view host = rest.substr(0, slash);
  HttpTarget target;
  target.host = host;
  target.path = slash < rest.size() ? std::string(rest.substr(slash)) : "/";
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c == '\x7F'; })) {
    return fail(ErrorCode::invalid_argument, cat({"white space in ", url}));
  }
  std::uint16_t port = 80;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const Result<std::int64_t> number = parse_integer(host.substr(colon + 1));
    if (!number || *number < 1 || *number > 65535) {
      return fail(ErrorCode::invalid_argument, cat({"no port number in ", url}));
    }
    port = static_cast<std::uint16_t>(*number);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  if (!put_numeric(target, address_of(std::string(host), hosts_file), port)) {
    return fail(ErrorCode::not_found,
                cat({"'", host, "' is neither a numeric address nor a name in ", hosts_file,
                     "; for other names use exec= with curl"}));
  }
  return target;
}

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
  int status = 0;
  if (answer_.starts_with("HTTP/1.") && answer_.size() >= 12) {
    std::from_chars(answer_.data() + 9, answer_.data() + 12, status);
  }
  if (status >= 200 && status < 300) {
    delivered();
  } else if (status >= 400 && status < 500 && status != 408 && status != 429) {
    log_.error(
        cat({"[navi] http: a notice was refused: ",
             python_repr(std::string_view(answer_).substr(0, answer_.find_first_of("\r\n")))}));
    delivered();
  } else {
    try_later(cat({"answer ", python_repr(std::string_view(answer_).substr(
                                  0, std::min<std::size_t>(answer_.find_first_of("\r\n"), 100)))}));
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
