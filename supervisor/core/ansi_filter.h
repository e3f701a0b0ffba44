#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace sv::core {

/// Removes terminal control sequences from one output channel (supervisor-config, 14.4): ESC [ up
/// to and including the next byte of "HfABCDRsuJKhlpm". Other escape sequences stay.
///
/// Unlike the reference it remembers a sequence that a read cut in two, so the result does not
/// depend on where reads end. Memory: a few bytes. A sequence that has no end is given up after
/// kMaxSequenceBytes; what follows is text again.
class AnsiFilter {
 public:
  static constexpr std::size_t kMaxSequenceBytes = 4096;

  /// Appends what is left of `chunk` to `out`, as spans of it: nothing is copied. An ESC at the end
  /// is kept back until more is known.
  void feed(std::string_view chunk, std::vector<std::string_view>& out);

  /// The channel ended: appends what was kept back and starts afresh.
  void finish(std::vector<std::string_view>& out);

 private:
  enum class Mode { text, escape, sequence };

  std::string_view text(std::string_view rest, std::vector<std::string_view>& out);
  std::string_view escape(std::string_view rest, std::vector<std::string_view>& out);
  std::string_view sequence(std::string_view rest);

  Mode mode_ = Mode::text;
  std::size_t sequence_bytes_ = 0;  ///< removed so far of the sequence, without its ESC [
};

}  // namespace sv::core
