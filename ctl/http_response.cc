#include "ctl/http_response.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace sv::ctl {
namespace {

/// Announced lengths are believed this far before the bytes are there.
constexpr std::uint64_t kReserveBytes = 4UL * 1024 * 1024;

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

HttpResponseParser::Status HttpResponseParser::fail_with(std::string_view problem) {
  part_ = Part::broken;
  problem_ = problem;
  return Status::failed;
}

HttpResponseParser::Status HttpResponseParser::feed(std::string_view bytes, std::size_t& consumed) {
  consumed = 0;
  while (consumed < bytes.size()) {
    Status status = Status::need_more;
    const std::string_view rest = bytes.substr(consumed);
    if (part_ == Part::done) {
      return Status::complete;
    }
    if (part_ == Part::broken) {
      return Status::failed;
    }
    if (part_ == Part::sized_body || part_ == Part::open_body || part_ == Part::chunk_data) {
      std::size_t used = 0;
      status = take_data(rest, used);
      consumed += used;
    } else {
      const std::size_t end = rest.find('\n');
      const std::size_t used = end == std::string_view::npos ? rest.size() : end + 1;
      line_.append(rest.substr(0, used));
      consumed += used;
      head_size_ += used;
      if (head_size_ > limits_.head_bytes) {
        return fail_with("the head of the response is too long");
      }
      if (end != std::string_view::npos) {
        const std::string line = std::exchange(line_, {});
        std::string_view text(line.data(), line.size() - 1);
        if (text.ends_with('\r')) {
          text.remove_suffix(1);
        }
        status = take_line(text);
      }
    }
    if (status != Status::need_more) {
      return status;
    }
  }
  return part_ == Part::done ? Status::complete : Status::need_more;
}

HttpResponseParser::Status HttpResponseParser::finish() {
  if (part_ == Part::done || part_ == Part::open_body) {
    part_ = Part::done;
    keep_alive_ = false;
    return Status::complete;
  }
  return fail_with("the connection was closed before the response was complete");
}

HttpResponseParser::Status HttpResponseParser::take_line(std::string_view line) {
  switch (part_) {
    case Part::status_line:
      return read_status_line(line);
    case Part::header:
      return line.empty() ? end_of_head() : read_header(line);
    case Part::chunk_size:
      return read_chunk_size(line);
    case Part::chunk_end:
      if (!line.empty()) {
        return fail_with("a chunk is longer than announced");
      }
      part_ = Part::chunk_size;
      return Status::need_more;
    case Part::trailer:
      if (line.empty()) {
        part_ = Part::done;
        return Status::complete;
      }
      return Status::need_more;
    case Part::sized_body:
    case Part::open_body:
    case Part::chunk_data:
    case Part::done:
    case Part::broken:
      break;
  }
  return Status::failed;
}

HttpResponseParser::Status HttpResponseParser::take_data(std::string_view bytes,
                                                         std::size_t& consumed) {
  if (part_ != Part::open_body) {
    bytes = bytes.substr(
        0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size())));
  }
  if (bytes.size() > limits_.body_bytes - std::min(limits_.body_bytes, body_.size())) {
    return fail_with("the body of the response is too long");
  }
  body_.append(bytes);
  consumed = bytes.size();
  if (part_ == Part::open_body) {
    return Status::need_more;
  }
  remaining_ -= bytes.size();
  if (remaining_ > 0) {
    return Status::need_more;
  }
  if (part_ == Part::sized_body) {
    part_ = Part::done;
    return Status::complete;
  }
  part_ = Part::chunk_end;
  return Status::chunk;
}

// "HTTP/1.1 200 OK"; the reason may be missing.
HttpResponseParser::Status HttpResponseParser::read_status_line(std::string_view line) {
  constexpr std::string_view kVersion = "HTTP/";
  const std::size_t space = line.find(' ');
  if (!line.starts_with(kVersion) || space == std::string_view::npos) {
    return fail_with("the answer is not HTTP");
  }
  keep_alive_ = line.substr(0, space) == "HTTP/1.1";
  const std::string_view rest = trim(line.substr(space));
  const auto code = parse_number<int>(rest.substr(0, 3), 10);
  if (!code || *code < 100) {
    return fail_with("the answer is not HTTP");
  }
  code_ = *code;
  reason_ = trim(rest.substr(3));
  part_ = Part::header;
  return Status::need_more;
}

HttpResponseParser::Status HttpResponseParser::read_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) {
    return Status::need_more;  // nothing we look at; the reference's client skips it, too
  }
  const std::string name = ascii_lower(trim(line.substr(0, colon)));
  const std::string_view value = trim(line.substr(colon + 1));
  if (name == "content-length") {
    const auto length = parse_number<std::uint64_t>(value, 10);
    if (!length) {
      return fail_with("the response's Content-Length is not a number");
    }
    has_length_ = true;
    remaining_ = *length;
  } else if (name == "transfer-encoding") {
    chunked_ = ascii_lower(value) == "chunked";
  } else if (name == "connection") {
    const std::string token = ascii_lower(value);
    keep_alive_ = token == "keep-alive" || (keep_alive_ && token != "close");
  }
  return Status::need_more;
}

HttpResponseParser::Status HttpResponseParser::end_of_head() {
  if (code_ < 200) {  // an interim answer; the real one follows
    part_ = Part::status_line;
    has_length_ = false;
    chunked_ = false;
    return Status::need_more;
  }
  head_size_ = 0;
  if (chunked_) {
    part_ = Part::chunk_size;
    return Status::need_more;
  }
  if (!has_length_) {
    part_ = Part::open_body;
    keep_alive_ = false;
    return Status::need_more;
  }
  if (remaining_ == 0) {
    part_ = Part::done;
    return Status::complete;
  }
  if (remaining_ > limits_.body_bytes) {
    return fail_with("the body of the response is too long");
  }
  part_ = Part::sized_body;
  body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, kReserveBytes)));
  return Status::need_more;
}

HttpResponseParser::Status HttpResponseParser::read_chunk_size(std::string_view line) {
  const auto size = parse_number<std::uint64_t>(trim(line.substr(0, line.find(';'))), 16);
  if (!size) {
    return fail_with("a chunk has no size");
  }
  head_size_ = 0;
  remaining_ = *size;
  part_ = remaining_ == 0 ? Part::trailer : Part::chunk_data;
  return Status::need_more;
}

}  // namespace sv::ctl
