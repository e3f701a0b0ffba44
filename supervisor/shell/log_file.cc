#include "shell/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <new>
#include <utility>

#include "base/text.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

bool is_regular(int fd) {
  struct stat info {};
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

tl::expected<UniqueFd, int> open_regular(const LogFile::Options& options) {
  tl::expected<UniqueFd, int> fd = os::open_append(options.path, options.mode);
  if (fd && !is_regular(fd->get())) {
    return tl::unexpected(EINVAL);
  }
  return fd;
}

/// A step whose file is not there has nothing to do.
int perform(const core::RotationStep& step) {
  const int rc = step.kind == core::RotationStep::Kind::remove
                     ? ::unlink(step.from.c_str())
                     : std::rename(step.from.c_str(), step.to.c_str());
  return rc == 0 || errno == ENOENT ? 0 : errno;
}

}  // namespace

LogFile::LogFile(UniqueFd fd, Options options) : fd_(std::move(fd)), options_(std::move(options)) {}

tl::expected<std::unique_ptr<LogFile>, int> LogFile::open(Options options) {
  tl::expected<UniqueFd, int> fd = open_regular(options);
  if (!fd) {
    return tl::unexpected(fd.error());
  }
  return std::make_unique<LogFile>(std::move(*fd), std::move(options));
}

LogFile::Outcome LogFile::write(std::string_view bytes) noexcept {
  const os::Written written = os::write_all(fd_.get(), bytes);
  Outcome outcome{bytes.size() - written.bytes, written.err};
  if (options_.limits.max_bytes == 0 || written.bytes == 0) {
    return outcome;
  }
  // Where an append ended is the size, whoever else writes there.
  const off_t position = ::lseek(fd_.get(), 0, SEEK_CUR);
  if (position < 0) {
    return outcome;
  }
  const auto size = static_cast<std::uint64_t>(position);
  if (size < quiet_until_ ||
      !core::rotates_after_write(options_.limits, size - written.bytes, written.bytes)) {
    return outcome;
  }
  const int err = rotate();
  // Trying again after every line would shift the backups each time and lose them.
  quiet_until_ = err == 0 ? 0 : size + options_.limits.max_bytes;
  if (outcome.err == 0) {
    outcome.err = err;
  }
  return outcome;
}

int LogFile::rotate() noexcept {
  if (!still_at_path()) {
    return reopen();
  }
  if (options_.limits.backups <= 0) {
    return ::ftruncate(fd_.get(), 0) == 0 ? 0 : errno;
  }
  try {
    const int err = move_aside();
    return err != 0 ? err : reopen();
  } catch (const std::bad_alloc&) {
    return ENOMEM;
  }
}

int LogFile::move_aside() const {
  for (const core::RotationStep& step :
       core::rotation_plan(options_.path, options_.limits.backups)) {
    if (const int err = perform(step); err != 0) {
      return err;
    }
  }
  return 0;
}

bool LogFile::still_at_path() const noexcept {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd_.get(), &ours) == 0 && ::stat(options_.path.c_str(), &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

int LogFile::reopen() noexcept {
  tl::expected<UniqueFd, int> fd = open_regular(options_);
  if (!fd) {
    return fd.error();
  }
  fd_ = std::move(*fd);
  quiet_until_ = 0;
  return 0;
}

/// Truncated in place, not removed: other writers and followers of the file stay with it.
Result<void> LogFile::clear() noexcept {
  int err = still_at_path() ? 0 : reopen();
  if (err == 0 && ::ftruncate(fd_.get(), 0) != 0) {
    err = errno;
  }
  if (err != 0) {
    return fail_errno(err, cat({"cannot clear '", options_.path, "'"}));
  }
  quiet_until_ = 0;
  return {};
}

}  // namespace sv::shell
