#pragma once

#include <string>

namespace sv::ctl {

/// Where the daemon is expected when neither a configuration nor -s tells: the socket `path`, where
/// a daemon without a configuration serves, if there is a socket (whether or not we may use it);
/// otherwise the reference's http://localhost:9001.
[[nodiscard]] std::string default_server_url(const std::string& path);

}  // namespace sv::ctl
