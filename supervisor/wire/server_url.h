#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

/// Where a client finds the daemon (supervisor-protocol, 5.1; supervisor-config, 3.5).
namespace sv::wire {

/// unix:///path
struct UnixEndpoint {
  std::string path;  ///< as written after "unix://"; may be relative or too long for a socket

  friend bool operator==(const UnixEndpoint&, const UnixEndpoint&) = default;
};

/// http://host:port
struct InetEndpoint {
  /// Lower case; an IPv6 address without its brackets; "localhost" where the URL has none.
  std::string host = "localhost";
  std::uint16_t port = 80;

  friend bool operator==(const InetEndpoint&, const InetEndpoint&) = default;
};

using ServerUrl = std::variant<UnixEndpoint, InetEndpoint>;

/// Whether a command line accepts the text as a URL at all: a scheme, and a host or a path. Fails
/// with the reference's "value 'x' is not a URL".
[[nodiscard]] Result<void> check_url(std::string_view text);

/// Understands unix:// and http://, written in lower case; user info, path and query of an http URL
/// are ignored, its port defaults to 80. Fails with the reference's "Unknown protocol for serverurl
/// x" for any other scheme, and with Python's words for an unusable port or host.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view text);

}  // namespace sv::wire
