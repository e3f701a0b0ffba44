#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/unique_fd.h"

/// Listening sockets for servers and FastCGI groups. All are close-on-exec.
namespace sv::os {

struct SocketError {
  enum class Step {
    address,    ///< a host that is neither numeric nor in /etc/hosts, or path too long
    in_use,     ///< somebody answers there
    not_ours,   ///< something that is not a socket is in the way; it is left alone
    ownership,  ///< chown or chmod was refused
    system,     ///< any other failed call
  };
  Step step = Step::system;
  int err = 0;  ///< errno; 0 for `address`
  std::string message;
};

struct UnixSocketSpec {
  std::string path;
  mode_t mode = 0700;
  uid_t uid = static_cast<uid_t>(-1);  ///< -1: unchanged
  gid_t gid = static_cast<gid_t>(-1);
  int backlog = 1024;
};

/// Binds under a umask that gives the wanted mode, sets the owner, then listens: nobody can connect
/// before the permissions are right. A stale socket file is replaced; one that somebody listens on
/// is `in_use`; anything that is not a socket is `not_ours`.
[[nodiscard]] tl::expected<UniqueFd, SocketError> listen_unix(const UnixSocketSpec& spec);

/// Removes a socket file, if what is there is a socket.
void remove_socket(const std::string& path) noexcept;

/// Binds and listens with SO_REUSEADDR. `host`: a numeric IPv4 or IPv6 address (brackets allowed),
/// "localhost", a name in /etc/hosts, or empty or "*" for all interfaces; all but the first may
/// give several sockets, one for each address, of which at least one must work.
[[nodiscard]] tl::expected<std::vector<UniqueFd>, SocketError> listen_tcp(const std::string& host,
                                                                          std::uint16_t port,
                                                                          int backlog = 1024);

}  // namespace sv::os
