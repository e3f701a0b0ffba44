#pragma once

#include <string_view>

#include "base/result.h"
#include "config/model.h"

namespace sv::config {

/// KEY="value",KEY2='value' lists in the POSIX form (supervisor-config, section 5, column "main").
/// `text` has been expanded already. Keys are not checked; a later equal key wins, in the place of
/// the first. What stands between two pairs is one token that nobody looks at.
/// Errors: "Unexpected end of key/value pairs in value '...'", "No closing quotation",
/// "No escaped character".
[[nodiscard]] Result<Environment> parse_environment(std::string_view text);

/// Overlays `over` on `base`: equal keys replaced in place, new ones appended.
[[nodiscard]] Environment merged(Environment base, const Environment& over);

}  // namespace sv::config
