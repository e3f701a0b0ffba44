#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sv::os {

/// The numeric addresses that /etc/hosts gives a host name, in the order of the file and each once;
/// empty when it does not know the name or cannot be read. Letters' case does not matter.
///
/// Name services are not asked: a static binary cannot (getaddrinfo() loads libraries), and what a
/// container may bind to is in that file.
[[nodiscard]] std::vector<std::string> host_addresses(std::string_view name,
                                                      const std::string& file = "/etc/hosts");

}  // namespace sv::os
