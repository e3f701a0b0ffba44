#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

/// The envelope events travel in from the daemon to a listener's standard input
/// (supervisor-protocol, 4.2): one line of tokens, then the payload, nothing behind it.
///
///   ver:3.0 server:S serial:N pool:P poolserial:M eventname:TYPE len:L\n<payload>
///
/// L counts code points, not bytes: what the reference sends and its Python listeners read.
namespace sv::wire {

/// What the line says beside the length.
struct EventEnvelope {
  std::string_view server;  ///< the daemon's identifier
  std::uint64_t serial = 0;
  std::string_view pool;
  std::uint64_t pool_serial = 0;
  std::string_view event_name;
};

/// The bytes to write to a listener. `payload` must be valid UTF-8.
[[nodiscard]] std::string write_event_frame(const EventEnvelope& envelope,
                                            std::string_view payload);

/// key:value tokens in their order, duplicates included.
using Tokens = std::vector<std::pair<std::string, std::string>>;

/// Splits "key:value key:value". Tolerant: a value goes on to the next blank and may contain ':'; a
/// piece without ':' belongs to the value before it (a name with a blank in it), or is dropped if
/// there is none; several blanks count as one.
[[nodiscard]] Tokens parse_tokens(std::string_view line);

/// The first value of a key; nullopt if it does not occur.
[[nodiscard]] std::optional<std::string_view> find_token(const Tokens& tokens,
                                                         std::string_view key);

/// One event as a listener sees it.
struct EventFrame {
  Tokens header;
  std::string payload;

  friend bool operator==(const EventFrame&, const EventFrame&) = default;
};

/// Reads frames from a stream that may be cut anywhere, even inside of a character. Bytes that are
/// not UTF-8 count one each, as a decoder would replace them.
///
/// Limits: kMaxHeaderBytes, kMaxPayloadChars. There is no way to find the next frame after a bad
/// header, so an error is final.
class EventFrameReader {
 public:
  static constexpr std::size_t kMaxHeaderBytes = std::size_t{64} * 1024;
  static constexpr std::size_t kMaxPayloadChars = std::size_t{64} * 1024 * 1024;

  /// Adds bytes read from the stream.
  void feed(std::string_view bytes);

  /// The next complete frame; nullopt: more bytes are needed. Errors: invalid_argument for a header
  /// without a usable length, limit_exceeded.
  [[nodiscard]] Result<std::optional<EventFrame>> next();

  /// Whether the stream may end here: no part of a frame has been read.
  [[nodiscard]] bool at_boundary() const { return !in_payload_ && buffer_.size() == consumed_; }

 private:
  [[nodiscard]] Result<bool> read_header();
  bool payload_complete();
  void drop_consumed();

  std::string buffer_;
  std::size_t consumed_ = 0;  ///< bytes at the front of buffer_ that belong to finished frames
  std::size_t scanned_ = 0;   ///< bytes after consumed_ that were looked at
  bool in_payload_ = false;
  EventFrame frame_;
  std::size_t chars_left_ = 0;          ///< code points of the payload not yet begun
  std::size_t continuations_left_ = 0;  ///< bytes the current code point may still have
};

}  // namespace sv::wire
