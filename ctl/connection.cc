#include "ctl/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "base/text.h"
#include "wire/server_url.h"

namespace sv::ctl {
namespace {

constexpr std::size_t kReadBytes = 64UL * 1024;

/// A socket address of any family.
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);  // NOLINT: how the system has it
  }
};

template <class Native>
Address make_address(const Native& native, std::size_t length = sizeof(Native)) {
  Address address;
  std::memcpy(&address.storage, &native, length);
  address.length = static_cast<socklen_t>(length);
  return address;
}

Address ipv4_address(in_addr host, std::uint16_t port) {
  sockaddr_in native{};
  native.sin_family = AF_INET;
  native.sin_port = htons(port);
  native.sin_addr = host;
  return make_address(native);
}

Address ipv6_address(const in6_addr& host, std::uint16_t port) {
  sockaddr_in6 native{};
  native.sin6_family = AF_INET6;
  native.sin6_port = htons(port);
  native.sin6_addr = host;
  return make_address(native);
}

using Addresses = Outcome<std::vector<Address>>;

struct ToAddresses {
  Addresses operator()(const wire::UnixEndpoint& endpoint) const {
    sockaddr_un native{};
    native.sun_family = AF_UNIX;
    if (endpoint.path.size() >= sizeof native.sun_path) {
      return failed(OtherFailure{"OSError", "AF_UNIX path too long"});
    }
    endpoint.path.copy(static_cast<char*>(native.sun_path), endpoint.path.size());
    return std::vector{
        make_address(native, offsetof(sockaddr_un, sun_path) + endpoint.path.size() + 1)};
  }

  // The daemon listens on IPv4 unless told otherwise, so that comes first for "localhost".
  Addresses operator()(const wire::InetEndpoint& endpoint) const {
    if (endpoint.host == "localhost") {
      return std::vector{ipv4_address({htonl(INADDR_LOOPBACK)}, endpoint.port),
                         ipv6_address(in6addr_loopback, endpoint.port)};
    }
    in_addr ipv4{};
    if (::inet_pton(AF_INET, endpoint.host.c_str(), &ipv4) == 1) {
      return std::vector{ipv4_address(ipv4, endpoint.port)};
    }
    in6_addr ipv6{};
    if (::inet_pton(AF_INET6, endpoint.host.c_str(), &ipv6) == 1) {
      return std::vector{ipv6_address(ipv6, endpoint.port)};
    }
    return failed(OtherFailure{"socket.gaierror",
                               cat({"[Errno -2] Name or service not known: ", endpoint.host,
                                    " (hosts are numeric addresses or \"localhost\")"})});
  }
};

// What ends a wait early, as a failure.
Outcome<void> wait_until_ready(int fd, short events, const Patience& patience) {
  switch (wait_for(fd, events, patience)) {
    case Wait::ready:
      return {};
    case Wait::interrupted:
      return failed(Interrupted{});
    case Wait::timed_out:
      return failed(SystemFailure{ETIMEDOUT});
  }
  return {};
}

// A Unix socket whose backlog is full makes connect() wait, and poll() knows nothing about it.
void limit_connect(int fd, MonoTime deadline) {
  using std::chrono::microseconds;
  const auto left = std::max(std::chrono::ceil<microseconds>(deadline - SystemClock().now().mono),
                             microseconds(1));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  timeval limit{};
  limit.tv_sec = seconds.count();
  limit.tv_usec = (left - seconds).count();
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// A Unix socket connects at once or waits in connect() for room in the daemon's backlog; only TCP
// is connected without blocking, so that Ctrl-C ends the wait for a silent host.
Outcome<UniqueFd> connect_to(const Address& address, const Patience& patience) {
  const bool local = address.get()->sa_family == AF_UNIX;
  UniqueFd fd(::socket(address.get()->sa_family,
                       SOCK_STREAM | SOCK_CLOEXEC | (local ? 0 : SOCK_NONBLOCK), 0));
  if (!fd) {
    return failed(SystemFailure{errno});
  }
  if (local && patience.deadline) {
    limit_connect(fd.get(), *patience.deadline);
  }
  int err = ::connect(fd.get(), address.get(), address.length) == 0 ? 0 : errno;
  if (local && err == EAGAIN) {
    err = ETIMEDOUT;
  }
  if (err == EINPROGRESS) {
    if (auto ready = wait_until_ready(fd.get(), POLLOUT, patience); !ready) {
      return failed(std::move(ready.error()));
    }
    socklen_t size = sizeof err;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &err, &size);
  }
  if (err != 0) {
    return failed(SystemFailure{err});
  }
  if (!local) {
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return fd;
}

}  // namespace

Outcome<Connection> Connection::open(const std::string& server_url, const Patience& patience) {
  const auto url = wire::parse_server_url(server_url);
  if (!url) {
    return failed(OtherFailure{"ValueError", url.error().message});
  }
  auto addresses = std::visit(ToAddresses{}, *url);
  if (!addresses) {
    return failed(std::move(addresses.error()));
  }
  Failure first = SystemFailure{ECONNREFUSED};
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    auto fd = connect_to((*addresses)[i], patience);
    if (fd) {
      return Connection(std::move(*fd));
    }
    if (std::holds_alternative<Interrupted>(fd.error())) {
      return failed(std::move(fd.error()));
    }
    if (i == 0) {
      first = std::move(fd.error());
    }
  }
  return failed(std::move(first));
}

Outcome<void> Connection::send(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    const int err = count < 0 ? errno : 0;
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (err == EAGAIN) {
      if (auto ready = wait_until_ready(fd_.get(), POLLOUT, patience); !ready) {
        return ready;
      }
    } else if (err != EINTR) {
      return failed(SystemFailure{err});
    }
  }
  return {};
}

Outcome<Connection::Received> Connection::read_some(std::string& buffer) {
  const std::size_t before = buffer.size();
  buffer.resize(before + kReadBytes);
  const ssize_t count = ::recv(fd_.get(), buffer.data() + before, kReadBytes, MSG_DONTWAIT);
  const int err = count < 0 ? errno : 0;
  buffer.resize(before + (count > 0 ? static_cast<std::size_t>(count) : 0));
  if (count > 0) {
    return Received::bytes;
  }
  if (count == 0) {
    return Received::end;
  }
  if (err == EAGAIN || err == EINTR) {
    return Received::nothing;
  }
  return failed(SystemFailure{err});
}

Outcome<Connection::Received> Connection::receive(std::string& buffer, const Patience& patience) {
  for (;;) {
    if (auto ready = wait_until_ready(fd_.get(), POLLIN, patience); !ready) {
      return failed(std::move(ready.error()));
    }
    auto received = read_some(buffer);
    if (!received || *received != Received::nothing) {
      return received;
    }
  }
}

}  // namespace sv::ctl
