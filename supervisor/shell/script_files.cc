#include "shell/script_files.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace sv::shell {

bool is_script(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::vector<std::string> scripts_in(const std::string& directory) {
  std::vector<std::string> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(directory.c_str()), ::closedir);
  if (open == nullptr) {
    return found;
  }
  while (const dirent* entry = ::readdir(open.get())) {
    std::string path = cat({directory, "/", entry->d_name});
    if (is_script(path)) {
      found.push_back(std::move(path));
    }
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace sv::shell
