#include "os/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/result.h"
#include "base/text.h"
#include "os/host_file.h"

namespace sv::os {
namespace {

using Step = SocketError::Step;

tl::unexpected<SocketError> refuse(Step step, int err, std::string_view what) {
  return tl::unexpected(SocketError{step, err, cat({what, ": ", errno_text(err)})});
}

/// The umask decides the mode of a socket file, from its first moment on.
class ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) : before_(::umask(mask)) {}
  ~ScopedUmask() { ::umask(before_); }
  ScopedUmask(const ScopedUmask&) = delete;
  ScopedUmask& operator=(const ScopedUmask&) = delete;

 private:
  mode_t before_;
};

// Unix --------------------------------------------------------------------------------------------

bool fill_address(sockaddr_un& address, const std::string& path) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return false;
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return true;
}

int bind_once(int fd, const sockaddr_un& address, mode_t mode) {
  const ScopedUmask mask(~mode & 0777U);
  const int rc = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return rc == 0 ? 0 : errno;
}

enum class Occupant { gone, stale, alive, not_a_socket, unknown };

/// What is at a path that could not be bound to. Connecting tells a socket somebody listens on
/// from one whose owner has died.
Occupant examine(const sockaddr_un& address, int& err) {
  struct stat info {};
  if (::lstat(address.sun_path, &info) != 0) {
    err = errno;
    return err == ENOENT ? Occupant::gone : Occupant::unknown;
  }
  if (!S_ISSOCK(info.st_mode)) {
    return Occupant::not_a_socket;
  }
  const UniqueFd probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (probe &&
      ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    return Occupant::alive;
  }
  err = errno;
  switch (err) {
    case ECONNREFUSED:
      return Occupant::stale;
    case ENOENT:
      return Occupant::gone;
    case EAGAIN:      // its queue is full
    case EPROTOTYPE:  // a socket of another type
      return Occupant::alive;
    default:
      return Occupant::unknown;
  }
}

tl::expected<void, SocketError> bind_unix(int fd, const sockaddr_un& address, mode_t mode) {
  constexpr int kAttempts = 8;  // somebody else may be doing the same
  const std::string what = cat({"cannot bind '", address.sun_path, "'"});
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    int err = bind_once(fd, address, mode);
    if (err == 0) {
      return {};
    }
    if (err != EADDRINUSE) {
      return refuse(Step::system, err, what);
    }
    switch (examine(address, err)) {
      case Occupant::gone:
        break;
      case Occupant::stale:
        if (::unlink(address.sun_path) != 0 && errno != ENOENT) {
          return refuse(Step::system, errno,
                        cat({"cannot remove the stale socket '", address.sun_path, "'"}));
        }
        break;
      case Occupant::alive:
        return refuse(Step::in_use, EADDRINUSE, what);
      case Occupant::not_a_socket:
        return tl::unexpected(SocketError{Step::not_ours, EADDRINUSE,
                                          cat({what, ": what is there is not a socket"})});
      case Occupant::unknown:
        return refuse(Step::system, err, what);
    }
  }
  return refuse(Step::in_use, EADDRINUSE, what);
}

tl::expected<void, SocketError> set_permissions(const UnixSocketSpec& spec) {
  const char* path = spec.path.c_str();
  struct stat info {};
  // The umask has already done this unless the directory has a default access list.
  if (::lstat(path, &info) != 0 || !S_ISSOCK(info.st_mode)) {
    return refuse(Step::not_ours, EADDRINUSE, cat({"cannot find the socket '", path, "' again"}));
  }
  if ((info.st_mode & 07777U) != (spec.mode & 07777U) && ::chmod(path, spec.mode) != 0) {
    return refuse(Step::ownership, errno, cat({"cannot set the mode of '", path, "'"}));
  }
  constexpr auto kUnchanged = static_cast<uid_t>(-1);
  const bool wants_owner = spec.uid != kUnchanged || spec.gid != static_cast<gid_t>(kUnchanged);
  if (wants_owner && ::lchown(path, spec.uid, spec.gid) != 0) {
    return refuse(Step::ownership, errno, cat({"cannot set the owner of '", path, "'"}));
  }
  return {};
}

// TCP ---------------------------------------------------------------------------------------------

union InetAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

InetAddress make_v4(in_addr_t host, std::uint16_t port) {
  InetAddress address{};
  address.v4.sin_family = AF_INET;
  address.v4.sin_addr.s_addr = host;
  address.v4.sin_port = htons(port);
  return address;
}

InetAddress make_v6(const in6_addr& host, std::uint16_t port) {
  InetAddress address{};
  address.v6.sin6_family = AF_INET6;
  address.v6.sin6_addr = host;
  address.v6.sin6_port = htons(port);
  return address;
}

/// A numeric address, IPv6 with or without brackets; empty when it is something else.
std::vector<InetAddress> numeric_address(const std::string& host, std::uint16_t port) {
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    return {make_v4(v4.s_addr, port)};
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, bare.c_str(), &v6) == 1) {
    return {make_v6(v6, port)};
  }
  return {};
}

/// The addresses a host stands for, without any name service; empty when nobody knows it.
std::vector<InetAddress> addresses_of(const std::string& host, std::uint16_t port) {
  if (host.empty() || host == "*") {
    return {make_v4(htonl(INADDR_ANY), port), make_v6(in6addr_any, port)};
  }
  if (ascii_lower(host) == "localhost") {
    return {make_v4(htonl(INADDR_LOOPBACK), port), make_v6(in6addr_loopback, port)};
  }
  std::vector<InetAddress> addresses = numeric_address(host, port);
  if (addresses.empty()) {
    for (const std::string& known : host_addresses(host)) {
      const std::vector<InetAddress> more = numeric_address(known, port);
      addresses.insert(addresses.end(), more.begin(), more.end());
    }
  }
  return addresses;
}

socklen_t size_of(const InetAddress& address) {
  return address.any.sa_family == AF_INET ? sizeof address.v4 : sizeof address.v6;
}

tl::expected<UniqueFd, int> listen_at(const InetAddress& address, int backlog) {
  UniqueFd fd(::socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!fd || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) {
    return tl::unexpected(errno);
  }
  // One protocol each, so that both sockets of "all interfaces" can have the same port.
  if (address.any.sa_family == AF_INET6 &&
      ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0) {
    return tl::unexpected(errno);
  }
  if (::bind(fd.get(), &address.any, size_of(address)) != 0 || ::listen(fd.get(), backlog) != 0) {
    return tl::unexpected(errno);
  }
  return fd;
}

/// With port 0 the system chose a port for the first socket; the others follow it.
void follow_port(int fd, std::vector<InetAddress>& addresses) {
  InetAddress bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(fd, &bound.any, &size) != 0) {
    return;
  }
  // The port is at the same place in both.
  for (InetAddress& address : addresses) {
    address.v4.sin_port = bound.v4.sin_port;
  }
}

}  // namespace

tl::expected<UniqueFd, SocketError> listen_unix(const UnixSocketSpec& spec) {
  sockaddr_un address{};
  if (!fill_address(address, spec.path)) {
    return tl::unexpected(SocketError{Step::address, 0, "AF_UNIX path too long"});
  }
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) {
    return refuse(Step::system, errno, cat({"cannot create a socket for '", spec.path, "'"}));
  }
  if (auto bound = bind_unix(fd.get(), address, spec.mode); !bound) {
    return tl::unexpected(bound.error());
  }
  auto ready = set_permissions(spec);
  if (ready && ::listen(fd.get(), spec.backlog) != 0) {
    ready = refuse(Step::system, errno, cat({"cannot listen on '", spec.path, "'"}));
  }
  if (!ready) {
    remove_socket(spec.path);
    return tl::unexpected(ready.error());
  }
  return fd;
}

void remove_socket(const std::string& path) noexcept {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode)) {
    ::unlink(path.c_str());
  }
}

tl::expected<std::vector<UniqueFd>, SocketError> listen_tcp(const std::string& host,
                                                            std::uint16_t port, int backlog) {
  std::vector<InetAddress> addresses = addresses_of(host, port);
  if (addresses.empty()) {
    return tl::unexpected(SocketError{
        Step::address, 0,
        cat({"-2: cannot listen on '", host, "': no address, and /etc/hosts does not know it"})});
  }
  std::vector<UniqueFd> sockets;
  int last_err = 0;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    tl::expected<UniqueFd, int> socket = listen_at(addresses[i], backlog);
    if (socket) {
      follow_port(socket->get(), addresses);
      sockets.push_back(std::move(*socket));
      continue;
    }
    last_err = socket.error();
    if (last_err == EADDRINUSE) {
      return refuse(Step::in_use, last_err,
                    cat({"cannot listen on '", host, ":", std::to_string(port), "'"}));
    }
  }
  if (sockets.empty()) {
    return refuse(Step::system, last_err,
                  cat({"cannot listen on '", host, ":", std::to_string(port), "'"}));
  }
  return sockets;
}

}  // namespace sv::os
