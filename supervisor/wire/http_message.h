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

  /// Whether the peer wants the connection to stay open after the answer (supervisor-protocol,
  /// 2.5). An answer may close it nevertheless: see keeps_connection().
  [[nodiscard]] bool keep_alive() const;
};

/// A complete answer. Server and Date are written first, then `headers` in order. Content-Length
/// follows them unless `headers` has it: the reference puts it at different places, so whoever
/// builds an answer decides.
struct HttpResponse {
  int status = 200;
  std::vector<HttpHeader> headers;
  std::string body;

  /// First header of that name (any case), or nullptr.
  [[nodiscard]] const std::string* header(std::string_view name) const;
};

/// Reason phrase of a status the server uses.
[[nodiscard]] std::string_view reason_phrase(int status);

/// The reference's error page with its headers (supervisor-protocol, 2.3). 401 asks for Basic
/// credentials and closes the connection. Further headers (Location) go to the front.
[[nodiscard]] HttpResponse error_response(int status);

/// Whether the connection stays open once `response` is sent: the peer wants it and the answer
/// has no "Connection: close". Streams to peers without chunks end it too.
[[nodiscard]] bool keeps_connection(const HttpResponse& response, const HttpRequest& request);

/// "Mon, 23 Nov 2026 02:13:04 GMT".
[[nodiscard]] std::string http_date(WallTime time);

/// The bytes of a whole answer to `request`. HEAD gets the head, 304 has neither body nor length.
[[nodiscard]] std::string serialise(const HttpResponse& response, const HttpRequest& request,
                                    WallTime now);

/// The head alone, for a body too large to be copied behind it.
[[nodiscard]] std::string serialise_head(const HttpResponse& response, const HttpRequest& request,
                                         WallTime now);

/// Whether the body follows the head: not for HEAD and 304.
[[nodiscard]] bool sends_body(const HttpResponse& response, const HttpRequest& request);

/// Head of an answer of unknown length (`response.body` is not used), then its pieces. Peers that
/// keep an HTTP/1.1 connection get chunks, others raw bytes that end with the connection.
[[nodiscard]] std::string serialise_stream_head(const HttpResponse& response,
                                                const HttpRequest& request, WallTime now);
[[nodiscard]] std::string serialise_stream_piece(std::string_view bytes,
                                                 const HttpRequest& request);

/// What ends a chunked answer; empty for raw streams. Log streams never need it.
[[nodiscard]] std::string_view serialise_stream_end(const HttpRequest& request);

/// Percent-decoding; '+' is left alone. Invalid escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// Everything but letters, digits and "-._~/" as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

/// key=value&... of a query or a form body, decoded ('+' is a space), in order. Pairs with an empty
/// value or without '=' are left out, as the reference does.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

}  // namespace sv::wire
