#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "wire/http_message.h"

/// llhttp behind a push interface, and every limit of the server's input. The only place that
/// knows llhttp.
///
/// Stricter than the reference where leniency lets two parsers disagree about where a request ends:
/// refused are Transfer-Encoding (411, as the reference), bare CR or LF, folded headers, repeated
/// or odd Content-Length, versions other than 1.0 and 1.1, CONNECT (all 400). More lenient: white
/// space around header values is optional. Upgrade and Expect are ignored.
namespace sv::wire {

struct HttpLimits {
  std::size_t target_bytes = 8UL * 1024;   ///< above: 414
  std::size_t header_count = 64;           ///< above: 431
  std::size_t header_bytes = 16UL * 1024;  ///< names and values together; above: 431
  std::size_t body_bytes = 1024UL * 1024;  ///< above: 413
  /// POSTs to paths that begin like this need no Content-Length; without one they have no body.
  /// Empty: all need one.
  std::string_view lengthless_posts{};
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

  /// Consumes bytes up to the end of one request; `consumed` receives how many. Line ends before a
  /// request are skipped. A POST needs a Content-Length (else 411, but see HttpLimits); 0 is one,
  /// and any other request may have a body too.
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
