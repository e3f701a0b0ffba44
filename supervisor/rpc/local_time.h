#pragma once

#include <string>

#include "base/time.h"

/// The two places where clients see local time, in English whatever the locale. The only code that
/// asks the system for the time zone.
namespace sv::rpc {

/// "Nov 23 02:14 AM": when a process stopped.
[[nodiscard]] std::string short_local_time(WallTime time);

/// "Mon Nov 23 02:27:19 2026": messages of the status page.
[[nodiscard]] std::string full_local_time(WallTime time);

}  // namespace sv::rpc
