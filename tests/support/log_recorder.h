#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"

namespace sv::test {

/// An activity log that keeps its lines as "TAG text".
class LogRecorder final : public ActivityLog {
 public:
  void write(Level level, std::string_view text) noexcept override {
    if (enabled(level)) {
      lines.push_back(std::string(level_tag(level)) + " " + std::string(text));
    }
  }
  [[nodiscard]] bool enabled(Level level) const noexcept override { return level >= threshold; }

  std::vector<std::string> lines;
  Level threshold = Level::info;
};

}  // namespace sv::test
