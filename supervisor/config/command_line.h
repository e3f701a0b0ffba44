#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sv::config {

/// Splits a command the way a POSIX shell splits words, without comments or expansion
/// (supervisor-config, 13.1). Errors: "No closing quotation", "No escaped character".
/// Words are separated by space, tab, carriage return and line feed. An empty or blank command
/// gives no words; "" in quotes is a word.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view command);

}  // namespace sv::config
