#include "os/proc_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/text.h"
#include "base/unique_fd.h"

namespace sv::os {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

}  // namespace

std::optional<std::string> read_proc_file(const std::string& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) {
    return std::nullopt;
  }
  std::string text;
  std::array<char, 4096> buffer{};
  while (text.size() < limit) {
    const ssize_t got =
        ::read(fd.get(), buffer.data(), std::min(buffer.size(), limit - text.size()));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return std::nullopt;
    }
    if (got == 0) {
      break;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

void for_each_process_stat(const std::string& proc,
                           const std::function<void(std::string_view text)>& take) {
  const std::unique_ptr<DIR, CloseDirectory> folder(::opendir(proc.c_str()));
  if (folder == nullptr) {
    return;
  }
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    if (!proc_number<pid_t>(name)) {
      continue;
    }
    const UniqueFd file(
        ::openat(::dirfd(folder.get()), cat({name, "/stat"}).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 1024> line;  // some 350 bytes at most
    const ssize_t length = file ? ::read(file.get(), line.data(), line.size()) : -1;
    if (length > 0) {
      take({line.data(), static_cast<std::size_t>(length)});
    }
  }
}

}  // namespace sv::os
