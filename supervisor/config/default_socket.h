#pragma once

#include <string_view>

namespace sv::config {

/// Where a daemon without a configuration serves, and a client without one looks.
inline constexpr std::string_view kDefaultSocket = "/run/supervisor.sock";

}  // namespace sv::config
