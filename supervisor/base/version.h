#pragma once

#include <string_view>

namespace sv {

/// This program's own version.
inline constexpr std::string_view kVersion = "0.1.0";

/// The version of the reference product whose interfaces are served. Clients and scripts compare
/// it, so the drop-in names and supervisor.getSupervisorVersion answer with it.
inline constexpr std::string_view kCompatibleVersion = "4.2.5";

}  // namespace sv
