#pragma once

#include <string>

#include "base/time.h"

namespace sv {

/// "2.5": seconds for people, tenths cut off; what is negative is "0.0".
[[nodiscard]] std::string decimal_seconds(Duration time);

}  // namespace sv
