#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.h"

namespace sv::test {

/// An HTTP peer that says exactly what it is told, on a socket of its own.
class HttpClient {
 public:
  static constexpr std::chrono::seconds kDeadline{30};

  [[nodiscard]] static HttpClient unix_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return HttpClient(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }
  [[nodiscard]] static HttpClient tcp(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return HttpClient(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  }

  [[nodiscard]] bool is_connected() const { return socket_.get() >= 0; }

  /// Hands the bytes over as far as the peer takes them now; false once it has closed.
  bool send(std::string_view bytes) {
    const ssize_t n =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return n >= 0 || errno == EAGAIN;
  }

  /// Sends all of it, however long the peer takes.
  bool send_all(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n < 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// The next whole answer, with Content-Length or up to the end; what came when there is none.
  std::string answer() {
    while (!is_whole() && receive()) {
    }
    return std::exchange(received_, {});
  }

  /// Everything up to the end of the connection.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }

  /// What has come and was not taken yet contains this, now or before the deadline.
  bool receives(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
      if (!receive()) {
        return false;
      }
    }
    return true;
  }

 private:
  HttpClient(int family, const sockaddr* address, socklen_t size)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (::connect(socket_.get(), address, size) != 0) {
      socket_.reset();
    }
  }

  [[nodiscard]] bool is_whole() const {
    const std::size_t head = received_.find("\r\n\r\n");
    const std::size_t at = received_.find("Content-Length: ");
    return head != std::string::npos && at < head &&
           received_.size() >= head + 4 + std::stoul(received_.substr(at + 16, 12));
  }

  /// false at the end of the connection and at the deadline.
  bool receive() {
    pollfd ready{socket_.get(), POLLIN, 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(kDeadline);
    if (::poll(&ready, 1, static_cast<int>(limit.count())) <= 0) {
      return false;
    }
    char buffer[16 * 1024];
    const ssize_t n = ::recv(socket_.get(), buffer, sizeof buffer, 0);
    if (n <= 0) {
      return false;
    }
    received_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  UniqueFd socket_;
  std::string received_;
};

/// "HTTP/1.1 403 Forbidden..." -> 403; 0 for anything else.
[[nodiscard]] inline int status_of(std::string_view answer) {
  constexpr std::size_t kAt = std::string_view("HTTP/1.1 ").size();
  return answer.starts_with("HTTP/1.") && answer.size() > kAt + 3
             ? std::stoi(std::string(answer.substr(kAt, 3)))
             : 0;
}

/// A port nobody listens on at this moment.
[[nodiscard]] inline std::uint16_t free_port() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  (void)::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size);
  (void)::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace sv::test
