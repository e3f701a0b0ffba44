#include "ctl/history_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "base/unique_fd.h"

namespace sv::ctl {
namespace {

// The last kMaxHistoryBytes of a file.
std::string read_end(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  const auto limit = static_cast<off_t>(kMaxHistoryBytes);
  const off_t start = std::max<off_t>(status.st_size - limit, 0);
  std::string text(static_cast<std::size_t>(status.st_size - start), '\0');
  const ssize_t count = ::pread(fd, text.data(), text.size(), start);
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  if (start > 0) {
    text.erase(0, text.find('\n'));  // most likely a part of a line
  }
  return text;
}

}  // namespace

std::vector<std::string> load_history(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::vector<std::string> lines;
  if (!fd) {
    return lines;
  }
  const std::string text = read_end(fd.get());
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty()) {
      lines.emplace_back(line);
    }
  }
  if (lines.size() > kMaxHistoryLines) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMaxHistoryLines));
  }
  return lines;
}

void save_history(const std::string& path, const std::vector<std::string>& lines) {
  std::string text = join(lines, "\n");
  if (!text.empty()) {
    text += '\n';
  }
  const UniqueFd fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!fd) {
    return;
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::write(fd.get(), rest.data(), rest.size());
    if (count <= 0) {
      return;
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace sv::ctl
