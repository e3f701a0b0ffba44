#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/event.h"
#include "core/process_state.h"

namespace sv::shell {

/// The end of what each program wrote in its current or last run, for notices: whatever becomes of
/// the output, and without a disk. The memory is taken when a run begins, so that there is some
/// when memory is what is missing.
class LastWords {
 public:
  /// `limit`: bytes kept of each channel; 0: nothing is kept.
  explicit LastWords(std::size_t limit) : limit_(limit) {}

  /// A run begins; what was said before is forgotten.
  void begin(core::ProcessId id);
  void said(core::ProcessId id, core::Channel channel, std::string_view bytes) noexcept;
  void forget(core::ProcessId id) { words_.erase(id); }

  /// At most `limit` bytes.
  [[nodiscard]] std::string_view of(core::ProcessId id, core::Channel channel) const;

 private:
  struct Words {
    std::string out;
    std::string err;
  };

  std::size_t limit_;
  std::unordered_map<core::ProcessId, Words> words_;
};

}  // namespace sv::shell
