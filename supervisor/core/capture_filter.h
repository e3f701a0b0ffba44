#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/ansi_filter.h"

namespace sv::core {

/// One piece of a channel's output.
struct CapturePiece {
  enum class Kind {
    plain,     ///< goes to the log
    captured,  ///< inside of the tags: not logged, but part of PROCESS_LOG events
    message,   ///< everything captured between two tags, complete: a PROCESS_COMMUNICATION event
  };

  Kind kind = Kind::plain;
  std::string_view text;

  friend bool operator==(const CapturePiece&, const CapturePiece&) = default;
};

/// What happens to one output channel of one run of a program before it is logged: messages between
/// <!--XSUPERVISOR:BEGIN--> and <!--XSUPERVISOR:END--> are cut out, and control sequences are
/// removed (supervisor-config, 14.4 and 14.5; supervisor-protocol, 4.5). Tags cut in two by reads
/// are recognised; the tags themselves are dropped.
///
/// Two things differ from the reference. Only bytes that may be the start of a tag are kept back,
/// not everything shorter than one. And what was kept back is passed on when the program ends
/// instead of being lost; a message whose end tag is missing is still dropped.
///
/// Memory: one message, see Options::capture_max_bytes.
class CaptureFilter {
 public:
  struct Options {
    /// Limit of a message; 0: tags are not looked for. When an append would exceed it, as many
    /// bytes as are appended are dropped from the front first; a single append that is larger is
    /// kept whole. (The reference's arithmetic. One append is what one read has between two tags.)
    std::uint64_t capture_max_bytes = 0;
    bool strip_ansi = false;
  };

  explicit CaptureFilter(Options options);

  /// Appends what `chunk` amounts to. Untouched text is passed as spans of `chunk`; messages are
  /// spans of memory of the filter, valid until the next call.
  void feed(std::string_view chunk, std::vector<CapturePiece>& out);

  /// The program ended: appends what was kept back.
  void finish(std::vector<CapturePiece>& out);

  /// Whether a message has begun and not ended.
  [[nodiscard]] bool capturing() const { return capturing_; }

 private:
  [[nodiscard]] std::string_view token() const;
  std::string_view complete_token(std::string_view rest, std::vector<CapturePiece>& out);
  std::string_view text_before_token(std::string_view rest, std::vector<CapturePiece>& out);
  void pass(std::string_view text, std::vector<CapturePiece>& out);
  void pass_pieces(std::vector<CapturePiece>& out);
  void token_found(std::vector<CapturePiece>& out);
  void store_captured();

  Options options_;
  AnsiFilter ansi_;
  bool capturing_ = false;
  std::size_t matched_ = 0;  ///< bytes of token() seen at the end of the input and kept back
  std::string captured_;
  std::vector<std::string_view> pending_;  ///< captured in this call, not yet in captured_
  std::vector<std::string_view> spans_;    ///< scratch
  std::deque<std::string> messages_;       ///< completed in this call; a deque keeps them in place
};

}  // namespace sv::core
