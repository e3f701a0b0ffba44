#pragma once

#include <string>
#include <vector>

#include "init/service.h"

namespace sv::shell {

/// The services in a directory such as /etc/service, by name: its folders, and links to folders,
/// that have a file `run`. Names that begin with a dot are skipped. A directory that is not there
/// has none; more than kMostServices are not looked at, as with runsvdir.
[[nodiscard]] std::vector<init::ServiceFolder> service_folders(const std::string& directory);

inline constexpr std::size_t kMostServices = 1000;

}  // namespace sv::shell
