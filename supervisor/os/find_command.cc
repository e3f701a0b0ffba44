#include "os/find_command.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace sv::os {
namespace {

using Kind = CommandError::Kind;

constexpr std::string_view kDefaultPath = "/bin:/usr/bin:/usr/local/bin";

tl::unexpected<CommandError> refuse(Kind kind, std::string message) {
  return tl::unexpected(CommandError{kind, std::move(message)});
}

bool exists(const std::string& file, struct stat& info) {
  return ::stat(file.c_str(), &info) == 0;
}

tl::expected<std::string, CommandError> judge(std::string file, const struct stat& info) {
  if (S_ISDIR(info.st_mode)) {
    return refuse(Kind::is_directory, cat({"command at ", python_repr(file), " is a directory"}));
  }
  if ((info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0) {
    return refuse(Kind::not_executable,
                  cat({"command at ", python_repr(file), " is not executable"}));
  }
  if (::access(file.c_str(), X_OK) != 0) {
    return refuse(Kind::no_permission, cat({"no permission to run command ", python_repr(file)}));
  }
  return file;
}

}  // namespace

tl::expected<std::string, CommandError> find_command(const std::string& name,
                                                     const std::optional<std::string>& path) {
  struct stat info {};
  const bool has_slash = name.find('/') != std::string::npos;
  if (has_slash && exists(name, info)) {
    return judge(name, info);
  }
  if (!has_slash && !name.empty()) {
    const bool has_path = path && !path->empty();
    for (const std::string_view entry : split(has_path ? *path : kDefaultPath, ':')) {
      const bool needs_slash = !entry.empty() && entry.back() != '/';
      std::string file = cat({entry, needs_slash ? "/" : "", name});
      if (exists(file, info)) {
        return judge(std::move(file), info);
      }
    }
  }
  return refuse(Kind::not_found, cat({"can't find command ", python_repr(name)}));
}

}  // namespace sv::os
