#include "shell/service_folders.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace sv::shell {
namespace {

bool exists(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

}  // namespace

std::vector<init::ServiceFolder> service_folders(const std::string& directory) {
  std::vector<init::ServiceFolder> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), ::closedir);
  if (open == nullptr) {
    return found;
  }
  while (const dirent* entry = ::readdir(open.get())) {
    init::ServiceFolder folder;
    folder.name = entry->d_name;
    folder.path = cat({directory, "/", folder.name});
    // A colon would end the group's name for clients.
    const bool usable =
        !folder.name.starts_with('.') && folder.name.find_first_of(": \t") == std::string::npos;
    if (usable && found.size() < kMostServices && exists(folder.path + "/run")) {
      folder.down = exists(folder.path + "/down");
      folder.has_logger = exists(folder.path + "/log/run");
      folder.logger_down = exists(folder.path + "/log/down");
      found.push_back(std::move(folder));
    }
  }
  std::ranges::sort(found, {}, &init::ServiceFolder::name);
  return found;
}

}  // namespace sv::shell
