#pragma once

#include <string>

#include "navi/notice.h"

namespace sv::navi {

/// What a notice says, for who is woken by it, on one line: "app was killed for memory (certain:
/// limit 120.0 MiB, peak 120.0 MiB) after 43.9 s; it is started again".
[[nodiscard]] std::string headline(const Notice& notice);

/// The same, followed by what the program wrote last, in at most `limit` bytes of valid UTF-8.
[[nodiscard]] std::string last_message(const Notice& notice, std::size_t limit);

}  // namespace sv::navi
