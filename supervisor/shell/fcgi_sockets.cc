#include "shell/fcgi_sockets.h"

#include <utility>
#include <variant>

#include "base/text.h"
#include "os/sockets.h"

namespace sv::shell {
namespace {

/// The system's own upper bound; what the reference's default means.
constexpr int kDefaultBacklog = 4096;

tl::expected<UniqueFd, os::SocketError> listen_on(const config::FcgiSocketConfig& config) {
  const int backlog = config.backlog.value_or(kDefaultBacklog);
  if (const auto* path = std::get_if<std::string>(&config.address)) {
    os::UnixSocketSpec spec;
    spec.path = *path;
    spec.mode = config.mode;
    spec.backlog = backlog;
    if (config.owner) {
      spec.uid = config.owner->uid;
      spec.gid = config.owner->gid;
    }
    return os::listen_unix(spec);
  }
  const auto& [host, port] = std::get<std::pair<std::string, std::uint16_t>>(config.address);
  auto sockets = os::listen_tcp(host, port, backlog);
  if (!sockets) {
    return tl::unexpected(std::move(sockets.error()));
  }
  // "localhost" may give two; a child has one standard input.
  return std::move(sockets->front());
}

}  // namespace

tl::expected<int, std::string> FcgiSockets::acquire(const config::GroupConfig& group) {
  auto it = sockets_.find(group.name);
  if (it == sockets_.end()) {
    log_.info(cat({"Creating socket ", group.fcgi_socket->url}));
    auto socket = listen_on(*group.fcgi_socket);
    if (!socket) {
      return tl::unexpected(cat({"Could not create FastCGI socket ", group.fcgi_socket->url, ": ",
                                 socket.error().message}));
    }
    it = sockets_.emplace(group.name, Shared{std::move(*socket), 0}).first;
  }
  ++it->second.users;
  return it->second.socket.get();
}

void FcgiSockets::release(const config::GroupConfig& group) noexcept {
  const auto it = sockets_.find(group.name);
  if (it != sockets_.end() && --it->second.users == 0) {
    log_.info(cat({"Closing socket ", group.fcgi_socket->url}));
    sockets_.erase(it);
  }
}

}  // namespace sv::shell
