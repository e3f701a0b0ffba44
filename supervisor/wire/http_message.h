#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace sv::wire {

struct HttpHeader {
  std::string name;
  std::string value;

  friend bool operator==(const HttpHeader&, const HttpHeader&) = default;
};

/// A complete request as it came off a connection.
struct HttpRequest {
  std::string method;
  std::string target;  ///< as sent
  std::string path;    ///< target up to '?', percent-decoded once
  std::string query;   ///< after '?', still encoded
  int major = 1;
  int minor = 1;
  std::vector<HttpHeader> headers;
  std::string body;

  /// First header of that name (any case), or nullptr.
  [[nodiscard]] const std::string* header(std::string_view name) const;

  /// Whether the connection stays open after the answer (supervisor-protocol, 2.5).
  [[nodiscard]] bool keep_alive() const;
};

/// A complete answer. Server and Date are written first, then `headers` in order, then
/// Content-Length.
struct HttpResponse {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;
};

/// Reason phrase of a status the server uses.
[[nodiscard]] std::string_view reason_phrase(int status);

/// The reference's error page with its headers (supervisor-protocol, 2.3).
[[nodiscard]] HttpResponse error_response(int status);

/// "Mon, 23 Nov 2026 02:13:04 GMT".
[[nodiscard]] std::string http_date(WallTime time);

/// The bytes of a whole answer to `request`.
[[nodiscard]] std::string serialise(const HttpResponse& response, const HttpRequest& request,
                                    WallTime now);

/// Head of an answer of unknown length, then its pieces. HTTP/1.1 peers get chunks, older ones
/// raw bytes that end with the connection.
[[nodiscard]] std::string serialise_stream_head(const HttpResponse& response,
                                                const HttpRequest& request, WallTime now);
[[nodiscard]] std::string serialise_stream_piece(std::string_view bytes,
                                                 const HttpRequest& request);

/// Percent-decoding; '+' is left alone. Invalid escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);
[[nodiscard]] std::string percent_encode(std::string_view text);

/// key=value&... of a query or a form body, decoded ('+' is a space), in order.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

}  // namespace sv::wire
