#include "wire/event_frame.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.h"

namespace sv::wire {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// How many continuation bytes may follow a byte that begins a code point.
std::size_t continuations_after(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0xC2 || byte > 0xF4) {
    return 0;
  }
  return byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
}

Result<std::size_t> announced_length(const Tokens& header) {
  const std::optional<std::string_view> text = find_token(header, "len");
  if (!text) {
    return fail(ErrorCode::invalid_argument, "event header has no len");
  }
  std::size_t length = 0;
  const char* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, length);
  const bool too_large = error == std::errc::result_out_of_range;
  if (at != end || (error != std::errc{} && !too_large)) {
    return fail(ErrorCode::invalid_argument, cat({"event header has a bad len: '", *text, "'"}));
  }
  if (too_large || length > EventFrameReader::kMaxPayloadChars) {
    return fail(ErrorCode::limit_exceeded, cat({"event is too large: len '", *text, "'"}));
  }
  return length;
}

}  // namespace

std::string write_event_frame(const EventEnvelope& envelope, std::string_view payload) {
  return cat({"ver:3.0 server:", envelope.server, " serial:", std::to_string(envelope.serial),
              " pool:", envelope.pool, " poolserial:", std::to_string(envelope.pool_serial),
              " eventname:", envelope.event_name, " len:", std::to_string(utf8_length(payload)),
              "\n", payload});
}

Tokens parse_tokens(std::string_view line) {
  Tokens tokens;
  for (const std::string_view piece : split_words(line)) {
    const std::size_t colon = piece.find(':');
    if (colon != std::string_view::npos) {
      tokens.emplace_back(piece.substr(0, colon), piece.substr(colon + 1));
    } else if (!tokens.empty()) {
      tokens.back().second += cat({" ", piece});
    }
  }
  return tokens;
}

std::optional<std::string_view> find_token(const Tokens& tokens, std::string_view key) {
  const auto found = std::ranges::find(
      tokens, key, [](const auto& token) { return std::string_view(token.first); });
  if (found == tokens.end()) {
    return std::nullopt;
  }
  return found->second;
}

void EventFrameReader::feed(std::string_view bytes) {
  drop_consumed();
  buffer_ += bytes;
}

Result<std::optional<EventFrame>> EventFrameReader::next() {
  if (!in_payload_) {
    const Result<bool> complete = read_header();
    if (!complete) {
      return tl::unexpected(complete.error());
    }
    if (!*complete) {
      return std::nullopt;
    }
  }
  if (!payload_complete()) {
    return std::nullopt;
  }
  frame_.payload = buffer_.substr(consumed_, scanned_);
  consumed_ += scanned_;
  scanned_ = 0;
  in_payload_ = false;
  return std::exchange(frame_, {});
}

/// True once the line is there and understood.
Result<bool> EventFrameReader::read_header() {
  while (consumed_ < buffer_.size() && scanned_ == 0 && buffer_[consumed_] == '\n') {
    ++consumed_;  // empty lines between frames say nothing
  }
  const std::size_t line_feed = buffer_.find('\n', consumed_ + scanned_);
  const std::size_t line_end = std::min(line_feed, buffer_.size());
  if (line_end - consumed_ > kMaxHeaderBytes) {
    return fail(ErrorCode::limit_exceeded, "event header is too long");
  }
  if (line_feed == std::string::npos) {
    scanned_ = buffer_.size() - consumed_;
    return false;
  }
  frame_.header = parse_tokens(std::string_view(buffer_).substr(consumed_, line_end - consumed_));
  const Result<std::size_t> length = announced_length(frame_.header);
  if (!length) {
    return tl::unexpected(length.error());
  }
  chars_left_ = *length;
  continuations_left_ = 0;
  consumed_ = line_feed + 1;
  scanned_ = 0;
  in_payload_ = true;
  return true;
}

/// Moves scanned_ over the payload; true once it is all there.
bool EventFrameReader::payload_complete() {
  while (chars_left_ > 0 || continuations_left_ > 0) {
    if (consumed_ + scanned_ == buffer_.size()) {
      return false;
    }
    const char c = buffer_[consumed_ + scanned_];
    if (continuations_left_ > 0 && is_continuation(c)) {
      --continuations_left_;
    } else if (chars_left_ == 0) {
      return true;  // the last character was cut short; this byte is not part of it
    } else {
      --chars_left_;
      continuations_left_ = continuations_after(c);
    }
    ++scanned_;
  }
  return true;
}

void EventFrameReader::drop_consumed() {
  buffer_.erase(0, consumed_);
  consumed_ = 0;
}

}  // namespace sv::wire
