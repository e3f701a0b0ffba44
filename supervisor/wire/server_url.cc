#include "wire/server_url.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "base/text.h"

namespace sv::wire {
namespace {

constexpr std::string_view kUnixPrefix = "unix://";
constexpr std::string_view kHttpPrefix = "http://";

bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_scheme_char(char c) {
  return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/// Length of "scheme" in "scheme:rest"; nullopt if the text does not begin with one.
std::optional<std::size_t> scheme_length(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_ascii_letter(text.front()) ||
      !std::ranges::all_of(text.substr(0, colon), is_scheme_char)) {
    return std::nullopt;
  }
  return colon;
}

/// The part between "//" and the next '/', '?' or '#'.
std::string_view authority(std::string_view after_slashes) {
  return after_slashes.substr(0, after_slashes.find_first_of("/?#"));
}

Result<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty()) {
    return InetEndpoint{}.port;
  }
  std::uint64_t port = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, port);
  if (at != end || error == std::errc::invalid_argument) {
    return fail(ErrorCode::invalid_argument,
                cat({"Port could not be cast to integer value as ", python_repr(text)}));
  }
  if (error != std::errc{} || port > UINT16_MAX) {
    return fail(ErrorCode::invalid_argument, "Port out of range 0-65535");
  }
  return static_cast<std::uint16_t>(port);
}

Result<ServerUrl> parse_inet(std::string_view host_and_port) {
  const std::size_t user_info = host_and_port.rfind('@');
  if (user_info != std::string_view::npos) {
    host_and_port.remove_prefix(user_info + 1);
  }
  std::string_view host = host_and_port;
  std::string_view port;
  if (host_and_port.starts_with('[')) {
    const std::size_t close = host_and_port.find(']');
    if (close == std::string_view::npos) {
      return fail(ErrorCode::invalid_argument, "Invalid IPv6 URL");
    }
    host = host_and_port.substr(1, close - 1);
    port = host_and_port.substr(close + 1);
    if (!port.empty() && port.front() != ':') {
      return fail(ErrorCode::invalid_argument, "Invalid IPv6 URL");
    }
    port = port.substr(std::min<std::size_t>(port.size(), 1));
  } else if (const std::size_t colon = host_and_port.find(':'); colon != std::string_view::npos) {
    host = host_and_port.substr(0, colon);
    port = host_and_port.substr(colon + 1);
  }
  const Result<std::uint16_t> number = parse_port(port);
  if (!number) {
    return tl::unexpected(number.error());
  }
  return InetEndpoint{host.empty() ? "localhost" : ascii_lower(host), *number};
}

}  // namespace

Result<void> check_url(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty() && static_cast<unsigned char>(rest.front()) <= ' ') {
    rest.remove_prefix(1);
  }
  if (const std::optional<std::size_t> scheme = scheme_length(rest)) {
    rest.remove_prefix(*scheme + 1);
    const std::string_view host =
        rest.starts_with("//") ? authority(rest.substr(2)) : std::string_view();
    if ((host.find('[') == std::string_view::npos) != (host.find(']') == std::string_view::npos)) {
      return fail(ErrorCode::invalid_argument, "Invalid IPv6 URL");
    }
    const std::string_view path = rest.starts_with("//") ? rest.substr(2 + host.size()) : rest;
    const bool has_path =
        !path.empty() && std::string_view("?#;").find(path.front()) == std::string_view::npos;
    if (!host.empty() || has_path) {
      return {};
    }
  }
  return fail(ErrorCode::invalid_argument, cat({"value ", python_repr(text), " is not a URL"}));
}

Result<ServerUrl> parse_server_url(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) {
    return UnixEndpoint{std::string(text.substr(kUnixPrefix.size()))};
  }
  if (text.starts_with(kHttpPrefix)) {
    return parse_inet(authority(text.substr(kHttpPrefix.size())));
  }
  return fail(ErrorCode::invalid_argument, cat({"Unknown protocol for serverurl ", text}));
}

}  // namespace sv::wire
