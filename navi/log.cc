#include "navi/log.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/text.h"

namespace sv::navi {
namespace {

constexpr std::array<std::string_view, 9> kNames{
    "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency", "none"};

std::string local_timestamp(WallTime time) {
  using namespace std::chrono;
  const auto seconds = static_cast<std::time_t>(unix_seconds(time));
  const auto milliseconds =
      static_cast<unsigned>(floor<std::chrono::milliseconds>(time.time_since_epoch()).count() -
                            std::int64_t{seconds} * 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S.", &local);
  const std::string digits = std::to_string(1000 + milliseconds);
  return std::string(text.data(), length) + digits.substr(1);
}

}  // namespace

std::optional<LogLevel> log_level_from_name(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name);
  if (found == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<LogLevel>(found - kNames.begin());
}

std::string_view log_level_names() {
  return "debug, info, notice, warning, error, critical, alert, emergency, none";
}

void Log::write(LogLevel level, std::string_view text) const {
  if (!enabled(level) || level == LogLevel::none) {
    return;
  }
  const std::string line =
      cat({local_timestamp(clock_->now().wall), " ",
           ascii_upper(kNames[static_cast<std::size_t>(level)]), " ", text, "\n"});
  if (::write(fd_, line.data(), line.size()) < 0) {
    return;  // nowhere to say so
  }
}

}  // namespace sv::navi
