#include "wire/http_parser.h"

#include <llhttp.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sv::wire {
namespace {

/// What llhttp 8.1 is too lenient about, and what makes two parsers disagree about where a request
/// ends: bare CR or LF, NUL, folded headers (also a first header that is indented), and protocols
/// that are not HTTP. Sees each byte of a head once.
class HeadGuard {
 public:
  /// False: refuse the request.
  [[nodiscard]] bool accepts(std::string_view bytes) {
    return std::ranges::all_of(bytes, [this](char c) { return accepts(c); });
  }

 private:
  [[nodiscard]] bool accepts(char c) {
    const char previous = std::exchange(previous_, c);
    if (c == '\0' || (previous == '\r') != (c == '\n')) {
      return false;
    }
    if (!in_headers_) {
      return accepts_in_request_line(c);
    }
    return previous != '\n' || (c != ' ' && c != '\t');
  }

  [[nodiscard]] bool accepts_in_request_line(char c) {
    constexpr std::string_view kProtocol = " HTTP/";
    if (c == '\n') {
      in_headers_ = !last_word_.empty();  // line ends before the request are allowed
      return !in_headers_ || last_word_ == kProtocol;
    }
    if (c == ' ') {
      last_word_ = c;
    } else if (c != '\r' && last_word_.size() < kProtocol.size()) {
      last_word_ += c;
    }
    return true;
  }

  char previous_ = '\0';
  bool in_headers_ = false;
  std::string last_word_;  ///< of the request line, with the space before it, cut
};

bool is_supported_version(const llhttp_t& parser) {
  return parser.http_major == 1 && parser.http_minor <= 1;
}

}  // namespace

/// llhttp parses the heads only. Bodies are plain bytes of announced length, because requests with
/// a Transfer-Encoding are refused; so none of llhttp's states for bodies, upgrades and closing
/// connections is ever entered.
struct HttpRequestParser::Impl {
  explicit Impl(const HttpLimits& given_limits) : limits(given_limits) {
    llhttp_settings_init(&settings);
    settings.on_message_begin = [](llhttp_t* p) { return of(p).on_begin(); };
    settings.on_url = [](llhttp_t* p, const char* at, std::size_t length) {
      return of(p).on_target({at, length});
    };
    settings.on_header_field = [](llhttp_t* p, const char* at, std::size_t length) {
      return of(p).on_header_name({at, length});
    };
    settings.on_header_value = [](llhttp_t* p, const char* at, std::size_t length) {
      return of(p).on_header_value({at, length});
    };
    settings.on_header_value_complete = [](llhttp_t* p) { return of(p).on_header_end(); };
    settings.on_headers_complete = [](llhttp_t* p) { return of(p).on_head_complete(); };
    start_over();
  }

  static Impl& of(llhttp_t* parser) { return *static_cast<Impl*>(parser->data); }

  void start_over() {
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    parser.data = this;
    guard = HeadGuard();
    request = HttpRequest();
    header_bytes = 0;
    body_bytes = 0;
    in_header = false;
    phase = Phase::idle;
  }

  /// Remembers the first reason; returns llhttp's code for "stop".
  int refuse(int status) {
    error = error == 0 ? status : error;
    return HPE_USER;
  }

  Status feed(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    if (error == 0 && (phase == Phase::idle || phase == Phase::head)) {
      consumed = feed_head(bytes);
    }
    if (error != 0) {
      return Status::failed;
    }
    if (phase == Phase::body) {
      consumed += feed_body(bytes.substr(consumed));
    }
    return phase == Phase::complete ? Status::complete : Status::need_more;
  }

  /// Returns how many bytes belong to the head. Sets `phase` or `error`.
  std::size_t feed_head(std::string_view bytes) {
    const llhttp_errno_t result = llhttp_execute(&parser, bytes.data(), bytes.size());
    std::size_t used = bytes.size();
    if (result == HPE_PAUSED) {
      used = static_cast<std::size_t>(llhttp_get_error_pos(&parser) - bytes.data());
    } else if (result != HPE_OK) {
      refuse(400);
      return used;
    }
    if (!guard.accepts(bytes.substr(0, used))) {
      refuse(400);
    }
    return used;
  }

  std::size_t feed_body(std::string_view bytes) {
    const std::string_view part = bytes.substr(0, body_bytes - request.body.size());
    request.body += part;
    if (request.body.size() == body_bytes) {
      phase = Phase::complete;
    }
    return part.size();
  }

  int on_begin() {
    phase = Phase::head;
    return 0;
  }

  int on_target(std::string_view part) {
    if (request.target.size() + part.size() > limits.target_bytes) {
      return refuse(414);
    }
    request.target += part;
    return 0;
  }

  int on_header_name(std::string_view part) {
    if (!in_header) {
      in_header = true;
      if (request.headers.size() == limits.header_count) {
        return refuse(431);
      }
      request.headers.emplace_back();
    }
    return append_header_text(request.headers.back().name, part);
  }

  int on_header_value(std::string_view part) {
    return append_header_text(request.headers.back().value, part);
  }

  int append_header_text(std::string& text, std::string_view part) {
    header_bytes += part.size();
    if (header_bytes > limits.header_bytes) {
      return refuse(431);
    }
    text += part;
    return 0;
  }

  int on_header_end() {
    std::string& value = request.headers.back().value;
    value.resize(value.find_last_not_of(" \t") + 1);
    in_header = false;
    return 0;
  }

  int on_head_complete() {
    const auto method = static_cast<llhttp_method_t>(parser.method);
    if (!is_supported_version(parser) || method == HTTP_CONNECT) {
      return refuse(400);
    }
    const bool has_length = (parser.flags & F_CONTENT_LENGTH) != 0;
    const bool needs_length =
        method == HTTP_POST &&
        (limits.lengthless_posts.empty() || !request.target.starts_with(limits.lengthless_posts));
    if (request.header("Transfer-Encoding") != nullptr || (needs_length && !has_length)) {
      return refuse(411);
    }
    if (has_length && parser.content_length > limits.body_bytes) {
      return refuse(413);
    }
    body_bytes = has_length ? static_cast<std::size_t>(parser.content_length) : 0;
    request.method = llhttp_method_name(method);
    request.major = parser.http_major;
    request.minor = parser.http_minor;
    const std::size_t question = request.target.find('?');
    request.path = percent_decode(std::string_view(request.target).substr(0, question));
    if (question != std::string::npos) {
      request.query = request.target.substr(question + 1);
    }
    phase = Phase::body;
    return HPE_PAUSED;
  }

  enum class Phase { idle, head, body, complete };

  HttpLimits limits;
  llhttp_settings_t settings{};
  llhttp_t parser{};
  HeadGuard guard;
  HttpRequest request;
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;
  Phase phase = Phase::idle;
  bool in_header = false;
  int error = 0;
};

HttpRequestParser::HttpRequestParser(const HttpLimits& limits)
    : impl_(std::make_unique<Impl>(limits)) {}

HttpRequestParser::~HttpRequestParser() = default;

HttpRequestParser::Status HttpRequestParser::feed(std::string_view bytes, std::size_t& consumed) {
  return impl_->feed(bytes, consumed);
}

HttpRequest HttpRequestParser::take() {
  HttpRequest request = std::move(impl_->request);
  impl_->start_over();
  return request;
}

int HttpRequestParser::error_status() const {
  return impl_->error;
}

bool HttpRequestParser::is_idle() const {
  return impl_->phase == Impl::Phase::idle;
}

}  // namespace sv::wire
