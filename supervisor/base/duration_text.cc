#include "base/duration_text.h"

#include <algorithm>

#include "base/text.h"

namespace sv {

std::string decimal_seconds(Duration time) {
  const auto shown = std::max(time, Duration{});
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(shown).count() / 100;
  return cat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10)});
}

}  // namespace sv
