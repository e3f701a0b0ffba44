#include "wire/http_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

#include "base/text.h"

namespace sv::wire {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

const std::string* find_header(const std::vector<HttpHeader>& headers, std::string_view name) {
  const std::string wanted = ascii_lower(name);
  const auto found = std::ranges::find_if(
      headers, [&wanted](const HttpHeader& header) { return ascii_lower(header.name) == wanted; });
  return found == headers.end() ? nullptr : &found->value;
}

/// Connection is a list: "close, TE" closes.
bool has_connection_option(const std::string* value, std::string_view option) {
  if (value == nullptr) {
    return false;
  }
  return std::ranges::any_of(split(*value, ','), [option](std::string_view piece) {
    return ascii_lower(trim(piece)) == option;
  });
}

bool is_version_1_0(const HttpRequest& request) {
  return request.major == 1 && request.minor == 0;
}

/// Only a peer that keeps an HTTP/1.1 connection gets chunks; with "Connection: close" the
/// reference sends raw bytes as well.
bool uses_chunks(const HttpRequest& request) {
  return !is_version_1_0(request) && request.keep_alive();
}

std::string decimal(std::size_t number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  return {digits.data(), end};
}

std::string two_digits(unsigned number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += cat({name, ": ", value, kLineEnd});
}

/// Status line, Server, Date and the answer's own headers; the blank line is the caller's.
std::string head_of(const HttpResponse& response, const HttpRequest& request, WallTime now) {
  std::string out = cat({"HTTP/1.", is_version_1_0(request) ? "0 " : "1 ",
                         decimal(static_cast<std::size_t>(response.status)), " ",
                         reason_phrase(response.status), kLineEnd});
  append_header(out, "Server", "Medusa/1.12");  // what the reference calls itself
  append_header(out, "Date", http_date(now));
  for (const HttpHeader& header : response.headers) {
    append_header(out, header.name, header.value);
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool needs_no_encoding(char c) {
  constexpr std::string_view kPunctuation = "-._~/";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kPunctuation.find(c) != std::string_view::npos;
}

std::string decode_form_text(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

const std::string* HttpRequest::header(std::string_view name) const {
  return find_header(headers, name);
}

const std::string* HttpResponse::header(std::string_view name) const {
  return find_header(headers, name);
}

bool HttpRequest::keep_alive() const {
  const std::string* connection = header("Connection");
  if (is_version_1_0(*this)) {
    return has_connection_option(connection, "keep-alive");
  }
  return !has_connection_option(connection, "close");
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

HttpResponse error_response(int status) {
  HttpResponse response;
  response.status = status;
  constexpr std::string_view kBeforeCode =
      "<head>\r\n<title>Error response</title>\r\n</head>\r\n<body>\r\n"
      "<h1>Error response</h1>\r\n<p>Error code ";
  response.body = cat({kBeforeCode, decimal(static_cast<std::size_t>(status)),
                       ".\r\n<p>Message: ", reason_phrase(status), ".\r\n</body>\r\n"});
  if (status == 401) {
    response.headers.push_back({"Connection", "close"});
    response.headers.push_back({"WWW-Authenticate", "Basic realm=\"default\""});
  }
  response.headers.push_back({"Content-Length", decimal(response.body.size())});
  response.headers.push_back({"Content-Type", "text/html"});
  return response;
}

bool keeps_connection(const HttpResponse& response, const HttpRequest& request) {
  return request.keep_alive() && !has_connection_option(response.header("Connection"), "close");
}

std::string http_date(WallTime time) {
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
  const std::size_t week_day = std::chrono::weekday{day}.c_encoding();
  const std::size_t month = static_cast<unsigned>(date.month());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  return cat({kDays.substr(week_day * 3, 3), ", ", two_digits(static_cast<unsigned>(date.day())),
              " ", kMonths.substr((month - 1) * 3, 3), " ", two_digits(year / 100),
              two_digits(year % 100), " ", two_digits(static_cast<unsigned>(clock.hours().count())),
              ":", two_digits(static_cast<unsigned>(clock.minutes().count())), ":",
              two_digits(static_cast<unsigned>(clock.seconds().count())), " GMT"});
}

std::string serialise_head(const HttpResponse& response, const HttpRequest& request, WallTime now) {
  std::string out = head_of(response, request, now);
  if (response.status != 304 && response.header("Content-Length") == nullptr) {
    append_header(out, "Content-Length", decimal(response.body.size()));
  }
  if (is_version_1_0(request) && keeps_connection(response, request)) {
    append_header(out, "Connection", "Keep-Alive");
  }
  out += kLineEnd;
  return out;
}

bool sends_body(const HttpResponse& response, const HttpRequest& request) {
  return response.status != 304 && request.method != "HEAD";
}

std::string serialise(const HttpResponse& response, const HttpRequest& request, WallTime now) {
  std::string out = serialise_head(response, request, now);
  if (sends_body(response, request)) {
    out += response.body;
  }
  return out;
}

std::string serialise_stream_head(const HttpResponse& response, const HttpRequest& request,
                                  WallTime now) {
  std::string out = head_of(response, request, now);
  if (uses_chunks(request)) {
    append_header(out, "Transfer-Encoding", "chunked");
  }
  out += kLineEnd;
  return out;
}

std::string serialise_stream_piece(std::string_view bytes, const HttpRequest& request) {
  if (!uses_chunks(request)) {
    return std::string(bytes);
  }
  if (bytes.empty()) {
    return {};  // an empty chunk would end the stream
  }
  return cat({decimal(bytes.size(), 16), kLineEnd, bytes, kLineEnd});
}

std::string_view serialise_stream_end(const HttpRequest& request) {
  return uses_chunks(request) ? "0\r\n\r\n" : "";
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (needs_no_encoding(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kHex = "0123456789ABCDEF";
    out += {'%', kHex[byte >> 4], kHex[byte & 0xF]};
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (const std::string_view field : split(text, '&')) {
    const std::size_t equals = field.find('=');
    if (equals != std::string_view::npos && equals + 1 < field.size()) {
      fields.emplace_back(decode_form_text(field.substr(0, equals)),
                          decode_form_text(field.substr(equals + 1)));
    }
  }
  return fields;
}

}  // namespace sv::wire
