#include "shell/http_target.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/parse.h"
#include "base/text.h"

namespace sv::shell {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kUnix = "unix://";
/// The first address that /etc/hosts has for a name. Nobody else is asked: that would block, and a
/// static program cannot ask the system's resolver.
std::string address_of(const std::string& name, std::string_view hosts) {
  if (name == "localhost") {
    return "127.0.0.1";
  }
  for (std::string_view line : split(hosts, '\n')) {
    line = line.substr(0, line.find('#'));
    const std::vector<std::string_view> words = split_words(line);
    if (words.size() > 1 && std::find(words.begin() + 1, words.end(), name) != words.end()) {
      return std::string(words.front());
    }
  }
  return name;
}

/// Would end a word or a line of the request.
bool is_blank_or_control(char c) {
  return (c >= '\0' && c <= ' ') || c == '\x7F';
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

Result<HttpTarget> HttpTarget::parse(std::string_view url, std::string_view hosts) {
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
  if (std::ranges::any_of(url, is_blank_or_control)) {
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
  if (!put_numeric(target, address_of(std::string(host), hosts), port)) {
    return fail(ErrorCode::not_found,
                cat({"'", host,
                     "' is neither a numeric address nor a name in /etc/hosts; "
                     "for other names use exec= with curl"}));
  }
  return target;
}

PostOutcome judge_answer(std::string_view answer) {
  constexpr std::string_view kVersion = "HTTP/1.";
  constexpr std::size_t kStatusAt = kVersion.size() + 2;  // behind the minor version and a space
  const auto is_digit = [answer](std::size_t at) {
    return at < answer.size() && answer[at] >= '0' && answer[at] <= '9';
  };
  if (!answer.starts_with(kVersion) || !is_digit(kVersion.size()) ||
      answer.substr(kStatusAt - 1, 1) != " " || !is_digit(kStatusAt) || !is_digit(kStatusAt + 1) ||
      !is_digit(kStatusAt + 2) || is_digit(kStatusAt + 3)) {
    return PostOutcome::later;
  }
  const std::string_view status = answer.substr(kStatusAt, 3);
  if (status.front() == '2') {
    return PostOutcome::taken;
  }
  return status.front() == '4' && status != "408" && status != "429" ? PostOutcome::refused
                                                                     : PostOutcome::later;
}

}  // namespace sv::shell
