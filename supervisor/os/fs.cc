#include "os/fs.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>

#include "base/text.h"

namespace sv::os {
namespace {

constexpr int kNameAttempts = 16;

std::string random_suffix() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, GRND_NONBLOCK) != sizeof bits) {
    // O_EXCL makes a guessable name harmless; it only has to be unlikely to exist.
    bits = static_cast<std::uint64_t>(::getpid());
  }
  char text[16];
  const auto [end, problem] = std::to_chars(text, text + sizeof text, bits, 16);
  return {text, end};
}

struct NewFile {
  UniqueFd fd;
  std::string path;
};

Result<NewFile> create_beside(const std::string& path, mode_t mode) {
  int err = EEXIST;
  for (int attempt = 0; attempt < kNameAttempts && err == EEXIST; ++attempt) {
    std::string candidate = cat({path, ".", random_suffix(), std::to_string(attempt), ".tmp"});
    UniqueFd fd(
        ::open(candidate.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (fd) {
      return NewFile{std::move(fd), std::move(candidate)};
    }
    err = errno;
  }
  return fail_errno(err, cat({"cannot create a file beside '", path, "'"}));
}

Result<void> write_in_place(const std::string& path, std::string_view content) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  const int err = fd ? write_all(fd.get(), content).err : errno;
  if (err != 0) {
    return fail_errno(err, cat({"cannot write '", path, "'"}));
  }
  return {};
}

/// Opens a regular file for reading; anything else could block or be endless.
Result<UniqueFd> open_regular(const std::string& path, struct stat& info) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd) {
    return fail_errno(errno, cat({"cannot open '", path, "'"}));
  }
  if (::fstat(fd.get(), &info) != 0) {
    return fail_errno(errno, cat({"cannot examine '", path, "'"}));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::invalid_argument, cat({"cannot read '", path, "': not a regular file"}));
  }
  return fd;
}

}  // namespace

Written write_all(int fd, std::string_view bytes) noexcept {
  Written written;
  while (written.bytes < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + written.bytes, bytes.size() - written.bytes);
    if (n > 0) {
      written.bytes += static_cast<std::size_t>(n);
    } else if (n == 0) {
      written.err = EIO;  // not specified for files; must not become an endless loop
      break;
    } else if (errno != EINTR) {
      written.err = errno;
      break;
    }
  }
  return written;
}

Result<void> write_file_atomically(const std::string& path, std::string_view content, mode_t mode) {
  struct stat existing {};
  if (::lstat(path.c_str(), &existing) == 0 && !S_ISREG(existing.st_mode) &&
      !S_ISLNK(existing.st_mode)) {
    return fail(ErrorCode::already_exists,
                cat({"cannot replace '", path, "': not a regular file"}));
  }
  Result<NewFile> file = create_beside(path, mode);
  if (!file) {
    return tl::unexpected(file.error());
  }
  int err = write_all(file->fd.get(), content).err;
  if (err == 0 && ::rename(file->path.c_str(), path.c_str()) != 0) {
    err = errno;
  }
  if (err != 0) {
    ::unlink(file->path.c_str());
    return fail_errno(err, cat({"cannot write '", path, "'"}));
  }
  return {};
}

Result<void> rewrite_file(const std::string& path, std::string_view content, mode_t mode,
                          std::optional<gid_t> group) {
  struct stat info {};
  const bool exists = ::stat(path.c_str(), &info) == 0;
  if (exists && !S_ISREG(info.st_mode)) {
    return fail(ErrorCode::already_exists,
                cat({"cannot replace '", path, "': not a regular file"}));
  }
  Result<NewFile> file = create_beside(path, 0600);
  if (!file) {
    return exists ? write_in_place(path, content) : tl::unexpected(std::move(file.error()));
  }
  // Without the privilege to give files away the new one is ours; its mode still protects it.
  const uid_t uid = exists ? info.st_uid : static_cast<uid_t>(-1);
  const gid_t gid = exists ? info.st_gid : group.value_or(static_cast<gid_t>(-1));
  const bool owned = ::fchown(file->fd.get(), uid, gid) == 0;
  const mode_t wanted = exists ? info.st_mode & 07777U : mode;
  int err = ::fchmod(file->fd.get(), owned ? wanted : wanted & 0700U) == 0 ? 0 : errno;
  if (err == 0) {
    err = write_all(file->fd.get(), content).err;
  }
  if (err == 0 && ::rename(file->path.c_str(), path.c_str()) != 0) {
    err = errno;
  }
  if (err == 0) {
    return {};
  }
  ::unlink(file->path.c_str());
  return exists ? write_in_place(path, content)
                : fail_errno(err, cat({"cannot write '", path, "'"}));
}

tl::expected<UniqueFd, int> open_append(const std::string& path, mode_t mode) {
  const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  UniqueFd fd(::open(path.c_str(), flags, mode));
  if (!fd) {
    return tl::unexpected(errno);
  }
  return fd;
}

Result<void> write_pidfile(const std::string& path, pid_t pid) {
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  const UniqueFd fd(::open(path.c_str(), flags, 0666));
  if (!fd) {
    return fail_errno(errno, cat({"cannot open '", path, "'"}));
  }
  const int err = write_all(fd.get(), cat({std::to_string(pid), "\n"})).err;
  if (err != 0) {
    return fail_errno(err, cat({"cannot write '", path, "'"}));
  }
  return {};
}

void remove_pidfile(const std::string& path, pid_t pid) noexcept {
  const Result<std::string> content = read_file(path, 0, 32);
  if (content && trim(*content) == std::to_string(pid)) {
    ::unlink(path.c_str());
  }
}

Result<std::uint64_t> file_size(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return fail_errno(errno, cat({"cannot examine '", path, "'"}));
  }
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorCode::invalid_argument, cat({"cannot read '", path, "': not a regular file"}));
  }
  return static_cast<std::uint64_t>(info.st_size);
}

Result<std::string> read_file(const std::string& path, std::uint64_t offset, std::uint64_t length) {
  struct stat info {};
  Result<UniqueFd> fd = open_regular(path, info);
  if (!fd) {
    return tl::unexpected(fd.error());
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (offset >= size) {
    return std::string();
  }
  std::string content(std::min(length, size - offset), '\0');
  std::size_t got = 0;
  while (got < content.size()) {
    const ssize_t n = ::pread(fd->get(), content.data() + got, content.size() - got,
                              static_cast<off_t>(offset + got));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fail_errno(errno, cat({"cannot read '", path, "'"}));
    }
    if (n == 0) {
      break;  // truncated meanwhile
    }
    got += static_cast<std::size_t>(n);
  }
  content.resize(got);
  return content;
}

Result<void> truncate_file(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  int err = errno;
  if (!file) {
    return fail_errno(err, cat({"cannot empty '", path, "'"}));
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return {};
  }
  if (::ftruncate(file.get(), 0) != 0) {
    err = errno;
    return fail_errno(err, cat({"cannot empty '", path, "'"}));
  }
  return {};
}

}  // namespace sv::os
