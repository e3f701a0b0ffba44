#include <unistd.h>

#include "config/loader.h"
#include "config/paths.h"

namespace sv::config {

std::optional<std::string> find_config_file(const std::string& argv0,
                                            std::vector<std::string>* searched) {
  const std::string above = directory_part(directory_part(argv0));
  const std::vector<std::string> candidates{
      join_path(above, "etc/supervisord.conf"),
      join_path(above, "supervisord.conf"),
      "supervisord.conf",
      "etc/supervisord.conf",
      "/etc/supervisord.conf",
      "/etc/supervisor/supervisord.conf",
  };
  if (searched != nullptr) {
    *searched = candidates;
  }
  for (const std::string& candidate : candidates) {
    if (::access(candidate.c_str(), F_OK) == 0) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace sv::config
