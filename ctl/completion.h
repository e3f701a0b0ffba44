#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/names.h"

/// What can be typed next in the shell (supervisor-protocol, 5.4). Pure.
namespace sv::ctl {

/// Asked only when names are needed; empty when the daemon cannot be reached.
using ProcessNames = std::function<std::vector<ProcessName>()>;

/// The words that may stand in place of the last word of `line` (up to the cursor), which may be
/// empty. Only white space separates words: "group:*" and "a-b" are one.
[[nodiscard]] std::vector<std::string> complete(std::string_view line, const ProcessNames& names,
                                                Dialect dialect = Dialect::supervisorctl);

/// The last word of a line up to the cursor.
[[nodiscard]] std::string_view word_at_end(std::string_view line);

/// The longest text all words begin with, never ending inside a UTF-8 character.
[[nodiscard]] std::string common_prefix(const std::vector<std::string>& words);

}  // namespace sv::ctl
