#include "ctl/default_server.h"

#include <sys/stat.h>

#include "base/text.h"
#include "config/model.h"

namespace sv::ctl {

std::string default_server_url(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
    return cat({"unix://", path});
  }
  return config::CtlConfig{}.server_url;
}

}  // namespace sv::ctl
