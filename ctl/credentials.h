#pragma once

#include <string>
#include <string_view>

#include "ctl/console.h"
#include "ctl/failure.h"

namespace sv::ctl {

/// Asks for a password on the controlling terminal without echo; without one, on the console.
/// Ctrl-C gives Interrupted, the end of input an EOFError.
[[nodiscard]] Outcome<std::string> ask_password(Console& console, std::string_view prompt,
                                                Interrupts* interrupts);

}  // namespace sv::ctl
