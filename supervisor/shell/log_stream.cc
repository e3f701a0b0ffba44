#include "shell/log_stream.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/text.h"

namespace sv::shell {

LogStream::LogStream(LogFollower follower, LogSource source, LogTails& tails)
    : follower_(std::move(follower)), source_(source), tails_(tails) {}

LogStream::~LogStream() {
  tails_.remove(*this);
}

void LogStream::begin(std::function<void()> wake) {
  wake_ = std::move(wake);
  tails_.add(source_, *this);
}

LogSnapshot::LogSnapshot(UniqueFd file, std::uint64_t offset, std::uint64_t end)
    : file_(std::move(file)), offset_(offset), end_(end) {}

Result<std::unique_ptr<LogSnapshot>> LogSnapshot::open(const std::string& path,
                                                       std::optional<std::uint64_t> last_bytes) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  const int err = errno;
  if (!file) {
    return fail_errno(err, cat({"cannot read log '", path, "'"}));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, cat({"cannot read '", path, "': not a file"}));
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  const std::uint64_t count = std::min(size, last_bytes.value_or(size));
  return std::unique_ptr<LogSnapshot>(new LogSnapshot(std::move(file), size - count, size));
}

std::string LogSnapshot::next(std::size_t limit) {
  std::string bytes(std::min<std::uint64_t>(limit, end_ - std::min(end_, offset_)), '\0');
  const ssize_t got = ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_));
  if (got <= 0) {
    offset_ = end_;  // it has been truncated, or cannot be read any further
    return {};
  }
  bytes.resize(static_cast<std::size_t>(got));
  offset_ += bytes.size();
  return bytes;
}

}  // namespace sv::shell
