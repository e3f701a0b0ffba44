#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "base/time.h"
#include "shell/log_follower.h"
#include "shell/log_tails.h"
#include "wire/http_message.h"

namespace sv::shell {

/// An answer that waits for state changes. Polled after every batch of them and at its deadline.
class PendingAnswer {
 public:
  virtual ~PendingAnswer() = default;
  [[nodiscard]] virtual std::optional<wire::HttpResponse> poll() = 0;
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const = 0;
};

/// An answer that never ends: a head, then what is appended to a log.
struct StreamAnswer {
  wire::HttpResponse head;
  LogFollower follower;
  LogSource source;
};

/// What a request is answered with: now, later, or piece by piece.
using HttpAnswer = std::variant<wire::HttpResponse, std::unique_ptr<PendingAnswer>, StreamAnswer>;

/// Decides the answer to a request. Implemented by the router; the connection knows no paths.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  [[nodiscard]] virtual HttpAnswer answer(const wire::HttpRequest& request) = 0;
};

}  // namespace sv::shell
