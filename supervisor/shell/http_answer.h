#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "web/answer.h"
#include "wire/http_message.h"
#include "wire/http_parser.h"

namespace sv::shell {

/// An answer that waits for state changes. Polled after every batch of them and at its deadline.
using PendingAnswer = web::PendingResponse;

/// The bytes of an answer that comes piece by piece: a log as it grows, events as they happen. The
/// connection that sends them owns it.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  /// Called once, before anything else. `wake` may be called as long as the source lives, whenever
  /// there may be more; never from inside of next().
  virtual void begin(std::function<void()> wake) = 0;

  /// The next bytes, about `limit` at most; empty when there is nothing now.
  [[nodiscard]] virtual std::string next(std::size_t limit) = 0;

  /// Whether nothing comes any more when next() is empty.
  [[nodiscard]] virtual bool ended() const = 0;
};

/// An answer of unknown length.
struct StreamAnswer {
  wire::HttpResponse head;
  std::unique_ptr<StreamSource> source;
};

/// What a request is answered with: now, later, or piece by piece.
using HttpAnswer = std::variant<wire::HttpResponse, std::unique_ptr<PendingAnswer>, StreamAnswer>;

/// Decides the answer to a request. Implemented by the router; the connection knows no paths.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  [[nodiscard]] virtual HttpAnswer answer(const wire::HttpRequest& request) = 0;
  /// What requests must keep to before they get here.
  [[nodiscard]] virtual wire::HttpLimits limits() const { return {}; }
};

}  // namespace sv::shell
