#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace sv::config {

/// The names a template may use: %(here)s, %(ENV_X)s, %(process_num)02d ...
/// Only process_num and numprocs are numbers. Ordered, because error messages list the names.
using ExpansionNames = std::map<std::string, std::variant<std::string, std::int64_t>, std::less<>>;

/// Python's % operator with a mapping (rules and error texts: supervisor-config, section 4).
/// `label` is the key label of messages, for example "program:cat.command".
/// Text that comes from a name is not expanded again.
/// Limits: a width or precision of 65,536 ("width too big", "precision too big", Python's words for
/// its own limit) and a result of about 4 MiB ("result too long"). Unlike in Python a conversion
/// without a name (%s) is an error: it would print every name with its value.
[[nodiscard]] Result<std::string> expand(std::string_view text, const ExpansionNames& names,
                                         std::string_view label);

}  // namespace sv::config
