#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What happens to the text of logs before it is shown. Pure.
namespace sv::ctl {

/// The last `count` lines of a text, with their line feeds; a last line without one counts, too.
[[nodiscard]] std::string_view last_lines(std::string_view text, std::size_t count);

[[nodiscard]] std::size_t count_lines(std::string_view text);

/// Puts a label in front of every line of a stream, so that several streams can share a screen:
/// a line is given out when it is complete.
class LineLabels {
 public:
  /// A longer line is given out in pieces of this size.
  static constexpr std::size_t kMaxLineBytes = std::size_t{64} * 1024;

  /// Without a label text passes as it is.
  explicit LineLabels(std::string label) : label_(std::move(label)) {}

  [[nodiscard]] std::string add(std::string_view text);
  /// The unfinished line at the end of the stream, if there is one.
  [[nodiscard]] std::string end();

 private:
  std::string label_;
  std::string line_;
};

/// Joins the end of a log that was read with a stream of the same log opened after that. Such a
/// stream begins with the log's last bytes, many of which were read already: the longest beginning
/// of the stream that ends what was read is left out.
class LogJoint {
 public:
  /// `read`: what was read. The stream certainly begins with `expected` bytes; they are awaited
  /// before anything is given out.
  LogJoint(std::string read, std::size_t expected)
      : read_(std::move(read)), expected_(expected), joined_(expected == 0) {}

  [[nodiscard]] std::string add(std::string_view text);
  /// What is still held back.
  [[nodiscard]] std::string end();
  [[nodiscard]] bool holds_back() const { return !joined_; }

 private:
  std::string read_;
  std::size_t expected_;
  bool joined_;
  std::string begin_;
};

}  // namespace sv::ctl
