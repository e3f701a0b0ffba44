#include "base/log.h"

#include <array>

#include "base/text.h"

namespace sv {
namespace {

struct LevelEntry {
  Level level;
  std::string_view name;
  std::string_view tag;
};

constexpr std::array<LevelEntry, 7> kLevels{{
    {Level::critical, "critical", "CRIT"},
    {Level::error, "error", "ERRO"},
    {Level::warn, "warn", "WARN"},
    {Level::info, "info", "INFO"},
    {Level::debug, "debug", "DEBG"},
    {Level::trace, "trace", "TRAC"},
    {Level::blather, "blather", "BLAT"},
}};

}  // namespace

std::string_view level_tag(Level level) {
  for (const LevelEntry& entry : kLevels) {
    if (entry.level == level) {
      return entry.tag;
    }
  }
  return "INFO";
}

std::string_view level_name(Level level) {
  for (const LevelEntry& entry : kLevels) {
    if (entry.level == level) {
      return entry.name;
    }
  }
  return "info";
}

std::optional<Level> level_from_name(std::string_view name) {
  const std::string lowered = ascii_lower(name);
  for (const LevelEntry& entry : kLevels) {
    if (entry.name == lowered) {
      return entry.level;
    }
  }
  return std::nullopt;
}

}  // namespace sv
