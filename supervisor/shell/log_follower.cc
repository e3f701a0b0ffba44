#include "shell/log_follower.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"

namespace sv::shell {
namespace {

constexpr std::string_view kTruncated = "==> File truncated <==\n";

UniqueFd open_log(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

}  // namespace

LogFollower::LogFollower(std::string path, UniqueFd file)
    : path_(std::move(path)), file_(std::move(file)) {}

Result<LogFollower> LogFollower::open(std::string path, std::uint64_t first_bytes) {
  UniqueFd file = open_log(path);
  const int err = errno;
  if (!file) {
    return fail_errno(err, cat({"cannot read log '", path, "'"}));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, cat({"cannot follow '", path, "': not a file"}));
  }
  LogFollower follower(std::move(path), std::move(file));
  const auto size = static_cast<std::uint64_t>(status.st_size);
  follower.offset_ = size - std::min(size, first_bytes);
  follower.modified_ = status.st_mtim.tv_sec;
  return follower;
}

std::string LogFollower::next(std::size_t limit) {
  do {
    struct stat status {};
    if (::fstat(file_.get(), &status) != 0) {
      return {};
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size < offset_) {
      offset_ = 0;
      return std::string(kTruncated);
    }
    if (size > offset_) {
      std::string bytes(std::min<std::uint64_t>(limit, size - offset_), '\0');
      const ssize_t got =
          ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_));
      if (got <= 0) {
        return {};
      }
      bytes.resize(static_cast<std::size_t>(got));
      offset_ += bytes.size();
      return bytes;
    }
  } while (reopened());
  return {};
}

/// Whether another file has taken the name; a name that is gone keeps the old file.
bool LogFollower::reopened() {
  struct stat mine {};
  struct stat named {};
  if (::fstat(file_.get(), &mine) != 0 || ::stat(path_.c_str(), &named) != 0 ||
      (mine.st_ino == named.st_ino && mine.st_dev == named.st_dev) || !S_ISREG(named.st_mode)) {
    return false;
  }
  UniqueFd fresh = open_log(path_);
  if (!fresh) {
    return false;
  }
  file_ = std::move(fresh);
  offset_ = 0;
  return true;
}

}  // namespace sv::shell
