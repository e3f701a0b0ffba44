#include "shell/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace sv::shell {
namespace {

/// "127.0.0.1:40812" for the access log; unix peers have no name.
std::string peer_name(int fd) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    return "?";
  }
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    ::inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    return cat({text, ":", std::to_string(ntohs(v4->sin_port))});
  }
  if (address.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    return cat({"[", text, "]:", std::to_string(ntohs(v6->sin6_port))});
  }
  return "localhost:0";
}

/// Tells a client that there are too many, as far as it listens.
void turn_away(int fd, WallTime now) {
  wire::HttpResponse response = wire::error_response(503);
  response.headers.push_back({"Connection", "close"});
  const std::string bytes = wire::serialise(response, wire::HttpRequest{}, now);
  (void)::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  ::shutdown(fd, SHUT_WR);
}

std::optional<std::pair<dev_t, ino_t>> file_identity(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return std::pair(status.st_dev, status.st_ino);
}

}  // namespace

HttpServer::HttpServer(const Parts& parts, const config::HttpServerConfig& config,
                       std::unique_ptr<HttpHandler> handler)
    : parts_(parts), config_(config), handler_(std::move(handler)) {}

HttpServer::~HttpServer() {
  if (owns_socket_file()) {
    os::remove_socket(std::get<config::UnixAddress>(config_.address).path);
  }
}

tl::expected<std::unique_ptr<HttpServer>, os::SocketError> HttpServer::open(
    const Parts& parts, const config::HttpServerConfig& config,
    std::unique_ptr<HttpHandler> handler) {
  std::unique_ptr<HttpServer> server(new HttpServer(parts, config, std::move(handler)));
  if (auto outcome = server->listen(); !outcome) {
    return tl::unexpected(std::move(outcome.error()));
  }
  return server;
}

tl::expected<std::vector<UniqueFd>, os::SocketError> HttpServer::bind() {
  if (const auto* inet = std::get_if<config::InetAddress>(&config_.address)) {
    return os::listen_tcp(inet->host, inet->port);
  }
  const auto& address = std::get<config::UnixAddress>(config_.address);
  os::UnixSocketSpec spec;
  spec.path = address.path;
  spec.mode = address.mode;
  if (address.owner) {
    spec.uid = address.owner->uid;
    spec.gid = address.owner->gid;
  }
  tl::expected<UniqueFd, os::SocketError> socket = os::listen_unix(spec);
  if (!socket) {
    return tl::unexpected(std::move(socket.error()));
  }
  socket_file_ = file_identity(address.path);
  std::vector<UniqueFd> sockets;
  sockets.push_back(std::move(*socket));
  return sockets;
}

tl::expected<void, os::SocketError> HttpServer::listen() {
  tl::expected<std::vector<UniqueFd>, os::SocketError> sockets = bind();
  if (!sockets) {
    return tl::unexpected(std::move(sockets.error()));
  }
  std::vector<std::unique_ptr<uv::Listener>> listeners;
  for (UniqueFd& socket : *sockets) {
    auto listener = uv::Listener::create(
        parts_.loop, std::move(socket),
        [this](UniqueFd connection) { accepted(std::move(connection)); },
        [this](int err) { refused(err); });
    if (!listener) {
      return tl::unexpected(
          os::SocketError{os::SocketError::Step::system, 0, std::move(listener.error().message)});
    }
    listeners.push_back(std::move(*listener));
  }
  listeners_ = std::move(listeners);
  return {};
}

void HttpServer::accepted(UniqueFd socket) {
  if (connections_.size() >= kMaxConnections && !make_room()) {
    turn_away(socket.get(), parts_.clock.now().wall);
    refused(0);
    return;
  }
  const HttpConnection::Parts parts{parts_.loop, *handler_, parts_.log, parts_.clock};
  std::string peer = peer_name(socket.get());
  auto connection = HttpConnection::create(
      parts, std::move(socket), std::move(peer), [this](HttpConnection& over) {
        std::erase_if(connections_, [&](const auto& entry) { return entry.get() == &over; });
      });
  if (connection) {
    connections_.push_back(std::move(*connection));
  }
}

/// Whoever only holds connections open keeps nobody out.
bool HttpServer::make_room() {
  const auto idle = std::ranges::find_if(
      connections_, [](const auto& connection) { return connection->is_idle(); });
  if (idle == connections_.end()) {
    return false;
  }
  connections_.erase(idle);
  return true;
}

/// At most one line a minute: a peer can repeat this as fast as it likes.
void HttpServer::refused(int err) {
  const MonoTime now = parts_.clock.now().mono;
  if (last_refusal_ && now - *last_refusal_ < std::chrono::minutes(1)) {
    return;
  }
  last_refusal_ = now;
  parts_.log.error(cat({"cannot accept a connection on '", config_.section,
                        "': ", err == 0 ? "too many connections" : errno_text(err)}));
}

void HttpServer::poll() {
  // A connection may end, and erase itself, while it is polled.
  std::vector<HttpConnection*> waiting;
  for (const auto& connection : connections_) {
    if (connection->is_waiting()) {
      waiting.push_back(connection.get());
    }
  }
  for (HttpConnection* connection : waiting) {
    const bool alive = std::ranges::any_of(
        connections_, [&](const auto& entry) { return entry.get() == connection; });
    if (alive) {
      connection->poll();
    }
  }
}

std::optional<MonoTime> HttpServer::deadline() const {
  std::optional<MonoTime> earliest;
  for (const auto& connection : connections_) {
    const std::optional<MonoTime> deadline = connection->deadline();
    if (deadline && (!earliest || *deadline < *earliest)) {
      earliest = deadline;
    }
  }
  return earliest;
}

bool HttpServer::owns_socket_file() const {
  const auto* address = std::get_if<config::UnixAddress>(&config_.address);
  return address != nullptr && socket_file_ && file_identity(address->path) == socket_file_;
}

void HttpServer::restore_socket() {
  const auto* address = std::get_if<config::UnixAddress>(&config_.address);
  if (address == nullptr || owns_socket_file()) {
    return;
  }
  if (auto outcome = listen(); !outcome) {
    parts_.log.error(outcome.error().message);
  } else {
    parts_.log.info(cat({"made socket '", address->path, "' anew"}));
  }
}

}  // namespace sv::shell
