#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "config/model.h"
#include "os/sockets.h"
#include "shell/http_answer.h"
#include "shell/http_connection.h"
#include "shell/uv/listener.h"
#include "shell/uv/loop.h"

namespace sv::shell {

/// One configured HTTP server: its listening sockets and its connections.
class HttpServer {
 public:
  /// For one connection more, the oldest between two requests is closed; when there is none, the
  /// new one gets 503.
  static constexpr std::size_t kMaxConnections = 512;

  /// References outlive the server; the handler knows this server's credentials.
  struct Parts {
    uv::Loop& loop;
    ActivityLog& log;
    const Clock& clock;
  };

  /// Binds and listens. Removes its socket file when destroyed, if that is still its own.
  [[nodiscard]] static tl::expected<std::unique_ptr<HttpServer>, os::SocketError> open(
      const Parts& parts, const config::HttpServerConfig& config,
      std::unique_ptr<HttpHandler> handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Looks again at every answer that waits.
  void poll();
  [[nodiscard]] std::optional<MonoTime> deadline() const;

  /// A unix server whose socket file was deleted or replaced makes it anew.
  void restore_socket();

 private:
  HttpServer(const Parts& parts, const config::HttpServerConfig& config,
             std::unique_ptr<HttpHandler> handler);
  [[nodiscard]] tl::expected<std::vector<UniqueFd>, os::SocketError> bind();
  [[nodiscard]] tl::expected<void, os::SocketError> listen();
  void accepted(UniqueFd socket);
  [[nodiscard]] bool make_room();
  void refused(int err);
  [[nodiscard]] bool owns_socket_file() const;

  Parts parts_;
  config::HttpServerConfig config_;
  std::unique_ptr<HttpHandler> handler_;
  std::vector<std::unique_ptr<HttpConnection>> connections_;
  std::vector<std::unique_ptr<uv::Listener>> listeners_;
  std::optional<std::pair<dev_t, ino_t>> socket_file_;  ///< the file we made, if a unix server
  std::optional<MonoTime> last_refusal_;
};

}  // namespace sv::shell
