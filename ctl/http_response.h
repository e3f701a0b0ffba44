#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// The client's half of HTTP/1.x: one response after another off a connection, whole or as a
/// stream of chunks. Pure. (The server's half, which faces strangers, is wire/http_parser.)
namespace sv::ctl {

struct HttpResponseLimits {
  std::size_t head_bytes = 64UL * 1024;  ///< status line and headers; also trailers
  /// Body bytes held at one time. A log can be asked for as a whole, so this is generous.
  std::size_t body_bytes = 256UL * 1024 * 1024;
};

class HttpResponseParser {
 public:
  enum class Status {
    need_more,  ///< all bytes consumed
    chunk,      ///< a chunk of a chunked body is complete; feed() on for the next
    complete,   ///< the response is complete; unconsumed bytes are not part of it
    failed,     ///< not HTTP, or over a limit: see problem()
  };

  explicit HttpResponseParser(const HttpResponseLimits& limits = {}) : limits_(limits) {}

  /// Consumes bytes up to the next event; `consumed` receives how many.
  [[nodiscard]] Status feed(std::string_view bytes, std::size_t& consumed);

  /// The peer closed the connection: complete if that is how this body ends, else failed.
  [[nodiscard]] Status finish();

  /// True once the status line and headers are read; code() and reason() are valid then.
  [[nodiscard]] bool has_head() const {
    return part_ != Part::status_line && part_ != Part::header;
  }
  [[nodiscard]] int code() const { return code_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Body bytes since the last call.
  [[nodiscard]] std::string take_body() { return std::exchange(body_, {}); }

  /// True while a chunk is incomplete: what take_body() would give may not end where it ends.
  [[nodiscard]] bool in_chunk() const { return part_ == Part::chunk_data; }

  /// Whether the connection may carry another request after this (complete) response.
  [[nodiscard]] bool keeps_connection() const { return keep_alive_; }

  /// Why feed() or finish() failed.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  enum class Part {
    status_line,
    header,
    sized_body,  ///< remaining_ bytes
    open_body,   ///< until the connection closes
    chunk_size,
    chunk_data,  ///< remaining_ bytes
    chunk_end,   ///< the line end behind the data
    trailer,
    done,
    broken,
  };

  Status take_line(std::string_view line);
  Status take_data(std::string_view bytes, std::size_t& consumed);
  Status read_status_line(std::string_view line);
  Status read_header(std::string_view line);
  Status end_of_head();
  Status read_chunk_size(std::string_view line);
  Status fail_with(std::string_view problem);

  HttpResponseLimits limits_;
  Part part_ = Part::status_line;
  std::string line_;  ///< an incomplete line
  std::size_t head_size_ = 0;
  int code_ = 0;
  std::string reason_;
  std::string problem_;
  bool keep_alive_ = true;
  bool chunked_ = false;
  bool has_length_ = false;
  std::uint64_t remaining_ = 0;
  std::string body_;
};

}  // namespace sv::ctl
