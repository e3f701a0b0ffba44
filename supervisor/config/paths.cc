#include "config/paths.h"

#include <sys/stat.h>

#include <vector>

#include "base/text.h"

namespace sv::config {

std::string directory_part(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return {};
  }
  std::string_view head = path.substr(0, slash + 1);
  const std::size_t last = head.find_last_not_of('/');
  if (last != std::string_view::npos) {
    head = head.substr(0, last + 1);
  }
  return std::string(head);
}

std::string join_path(std::string_view base, std::string_view name) {
  if (name.starts_with('/') || base.empty()) {
    return std::string(name);
  }
  return base.ends_with('/') ? cat({base, name}) : cat({base, "/", name});
}

std::string normalized_path(std::string_view path) {
  const std::size_t first = path.find_first_not_of('/');
  const std::size_t slashes = first == std::string_view::npos ? path.size() : first;
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") {
      continue;
    }
    if (part != "..") {
      parts.push_back(part);
    } else if (!parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (slashes == 0) {
      parts.push_back(part);
    }
  }
  std::string out(slashes == 2 ? 2 : (slashes > 0 ? 1 : 0), '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out.append(i == 0 ? "" : "/").append(parts[i]);
  }
  return out.empty() ? "." : out;
}

std::string absolute_path(std::string_view path, std::string_view base) {
  return normalized_path(join_path(base, path));
}

bool is_directory(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

}  // namespace sv::config
