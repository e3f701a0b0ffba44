#include "base/double_text.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace sv {

std::string double_text(double value) {
  if (!std::isfinite(value)) {
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  }
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
  std::array<char, 32> text{};
  for (int digits = 1; digits <= 17; ++digits) {
    if (plain) {
      std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    } else {
      std::snprintf(text.data(), text.size(), "%.*e", digits - 1, value);
    }
    if (std::strtod(text.data(), nullptr) == value) {
      break;
    }
  }
  std::string shortest(text.data());
  if (!plain) {
    return shortest;
  }
  if (shortest.find('e') != std::string::npos) {
    // Fewer digits than places in front of the point were enough: it is an integer.
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
  }
  if (shortest.find('.') == std::string::npos) {
    shortest += ".0";
  }
  return shortest;
}

}  // namespace sv
