#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/parse.h"
#include "base/text.h"
#include "base/unicode.h"
#include "config/paths.h"
#include "config/value_types.h"

/// Socket addresses of HTTP servers and FastCGI programs (supervisor-config, 3.3 and 3.7).
namespace sv::config {
namespace {

constexpr std::string_view kUnixScheme = "unix://";
constexpr std::string_view kTcpScheme = "tcp://";

bool is_numeric_address(int family, const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(family, host.c_str(), bytes.data()) == 1;
}

/// "[::1]" -> "::1"; anything else unchanged.
std::string without_brackets(std::string host) {
  if (host.size() > 2 && host.starts_with('[') && host.ends_with(']')) {
    return host.substr(1, host.size() - 2);
  }
  return host;
}

/// Begins with a letter, so that no name looks like an address. Whether it is known is found out
/// when somebody listens there.
bool is_host_name(std::string_view host) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !host.empty() && is_letter(host.front()) && std::ranges::all_of(host, [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  });
}

Result<std::string> checked_host(std::string_view text) {
  std::string host = without_brackets(unicode_lower(text));
  if (host.empty() || host == "*") {
    return std::string();
  }
  if (is_host_name(host) || is_numeric_address(AF_INET, host) ||
      is_numeric_address(AF_INET6, host)) {
    return host;
  }
  return fail(ErrorCode::invalid_argument,
              cat({"cannot listen on host ", python_repr(text),
                   ": neither an address nor a name; '*' stands for all interfaces"}));
}

tl::unexpected<Error> bad_socket(std::string_view format, std::string_view value) {
  // The reference prints the arguments of its format instead of the formatted text.
  return fail(ErrorCode::invalid_argument, cat({"('", format, "', ", python_repr(value), ")"}));
}

bool is_tcp_host(std::string_view host) {
  return !host.empty() && host.find(':') == std::string_view::npos &&
         host.find(' ') == std::string_view::npos;
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

Result<std::uint16_t> parse_port(std::string_view text) {
  constexpr std::int64_t kLowest = 1;
  constexpr std::int64_t kHighest = 65535;
  const Result<std::int64_t> number = parse_integer(text);
  if (!number) {
    return tl::unexpected<Error>(number.error());
  }
  if (*number < kLowest) {
    return fail(ErrorCode::invalid_argument, std::to_string(*number) + " is below lower bound (1)");
  }
  if (*number > kHighest) {
    return fail(ErrorCode::invalid_argument,
                std::to_string(*number) + " is above upper bound (65535)");
  }
  return static_cast<std::uint16_t>(*number);
}

Result<InetAddress> parse_inet_address(std::string_view text) {
  InetAddress address;
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    const Result<std::uint16_t> port = parse_port(text);
    if (!port) {
      return fail(ErrorCode::invalid_argument,
                  cat({"not a valid port number: ", python_repr(text), " "}));
    }
    address.port = *port;
    return address;
  }
  if (colon + 1 == text.size()) {
    return fail(ErrorCode::invalid_argument, "no port number specified in ''");
  }
  const Result<std::uint16_t> port = parse_port(text.substr(colon + 1));
  if (!port) {
    return tl::unexpected<Error>(port.error());
  }
  Result<std::string> host = checked_host(text.substr(0, colon));
  if (!host) {
    return tl::unexpected<Error>(host.error());
  }
  address.host = *std::move(host);
  address.port = *port;
  return address;
}

Result<FcgiSocketConfig> parse_fcgi_socket(std::string_view text) {
  FcgiSocketConfig socket;
  if (text.starts_with(kUnixScheme)) {
    const std::string_view path = text.substr(kUnixScheme.size());
    if (!path.starts_with('/')) {
      return bad_socket("Unix socket path %s is not an absolute path", path);
    }
    std::string normal = normalized_path(path);
    socket.url = cat({kUnixScheme, normal});
    socket.address = std::move(normal);
    return socket;
  }
  if (text.starts_with(kTcpScheme)) {
    const std::string_view rest = text.substr(kTcpScheme.size());
    const std::size_t colon = rest.find(':');
    const std::string_view host = rest.substr(0, colon);
    if (colon != std::string_view::npos && is_tcp_host(host) && is_digits(rest.substr(colon + 1))) {
      const Result<std::uint16_t> port = parse_port(rest.substr(colon + 1));
      if (!port) {
        return tl::unexpected<Error>(port.error());
      }
      Result<std::string> checked = checked_host(host);
      if (!checked) {
        return tl::unexpected<Error>(checked.error());
      }
      socket.url = cat({kTcpScheme, unicode_lower(host), ":", std::to_string(*port)});
      socket.address = std::pair(*std::move(checked), *port);
      return socket;
    }
  }
  return bad_socket("Bad socket format %s", text);
}

}  // namespace sv::config
