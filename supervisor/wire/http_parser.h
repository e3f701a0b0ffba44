#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "wire/http_message.h"

/// llhttp behind a push interface, and every limit of the server's input. The only place that
/// knows llhttp.
namespace sv::wire {

struct HttpLimits {
  std::size_t target_bytes = 8UL * 1024;
  std::size_t header_count = 64;
  std::size_t header_bytes = 16UL * 1024;
  std::size_t body_bytes = 1024UL * 1024;
};

/// Parses the requests of one connection, in order.
class HttpRequestParser {
 public:
  enum class Status {
    need_more,  ///< all bytes consumed, no complete request yet
    complete,   ///< take() the request; unconsumed bytes belong to the next one
    failed,     ///< answer error_status() and close; the parser is of no further use
  };

  explicit HttpRequestParser(const HttpLimits& limits = {});
  ~HttpRequestParser();
  HttpRequestParser(const HttpRequestParser&) = delete;
  HttpRequestParser& operator=(const HttpRequestParser&) = delete;

  /// Consumes bytes up to the end of one request; `consumed` receives how many.
  [[nodiscard]] Status feed(std::string_view bytes, std::size_t& consumed);

  /// The request completed by the last feed(). Call once, then feed on.
  [[nodiscard]] HttpRequest take();

  /// 400, 411, 413, 414 or 431.
  [[nodiscard]] int error_status() const;

  /// True between requests: closing the connection now loses nothing.
  [[nodiscard]] bool is_idle() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sv::wire
