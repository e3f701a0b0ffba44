#include "navi/notify.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "base/text.h"
#include "navi/notice_directory.h"

namespace sv::navi {
namespace {

/// Every notice begins like this; Navi 1.0.0's did too.
constexpr std::string_view kBeginning = R"({"Header":{)";

std::string without_trailing_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') {
    path.pop_back();
  }
  return path;
}

/// 0 or an errno value.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    content.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
  return 0;
}

/// 0 or an errno value.
int finish_file(int fd, std::string_view content, bool sync) {
  if (const int error = write_all(fd, content); error != 0) {
    return error;
  }
  if (::fchmod(fd, 0644) != 0) {
    return errno;
  }
  return sync && ::fsync(fd) != 0 ? errno : 0;
}

/// The size of a file that is a notice; nullopt for anything else.
std::optional<std::uint64_t> notice_size(int directory, const std::string& name) {
  const UniqueFd fd(
      ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status {};
  std::array<char, kBeginning.size()> beginning{};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      ::read(fd.get(), beginning.data(), beginning.size()) !=
          static_cast<ssize_t>(beginning.size()) ||
      std::string_view(beginning.data(), beginning.size()) != kBeginning) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(status.st_size);
}

/// What is left standing when notices are removed: a sixteenth less than the limits.
struct Room {
  std::size_t max_files;
  std::uint64_t max_bytes;

  [[nodiscard]] bool has_more(std::size_t files, std::uint64_t bytes) const {
    return (max_files == 0 || files < max_files - max_files / 16) &&
           (max_bytes == 0 || bytes < max_bytes - max_bytes / 16);
  }
  /// Whether one more file that brings it to `bytes` may stay. The newest always may.
  [[nodiscard]] bool has(std::size_t files, std::uint64_t bytes) const {
    return files == 0 || max_bytes == 0 || bytes <= max_bytes - max_bytes / 16;
  }
};

bool is_alive(pid_t pid) {
  return pid > 0 && (::kill(pid, 0) == 0 || errno != ESRCH);
}

}  // namespace

NoticeWriter::NoticeWriter(NoticeWriterOptions options) : options_(std::move(options)) {
  options_.directory = without_trailing_slashes(std::move(options_.directory));
}

Result<std::string> NoticeWriter::write(std::string_view content, WallTime now) {
  Result<UniqueFd> directory = enter();
  if (!directory) {
    return tl::unexpected(directory.error());
  }
  Result<std::string> temporary = write_temporary(directory->get(), content);
  if (!temporary) {
    return temporary;
  }
  Result<std::string> name = publish_next(directory->get(), *temporary, now);
  if (!name) {
    ::unlinkat(directory->get(), temporary->c_str(), 0);
    return name;
  }
  if (options_.sync) {
    ::fsync(directory->get());  // the name; where that is impossible the content is safe at least
  }
  count_written(directory->get(), content.size());
  return cat({options_.directory, "/", *name});
}

/// Opens the directory, and takes stock if it is not the one of last time.
Result<UniqueFd> NoticeWriter::enter() {
  Result<UniqueFd> directory = open_directory(options_.directory);
  if (!directory) {
    return directory;
  }
  struct stat status {};
  if (::fstat(directory->get(), &status) != 0) {
    return fail_errno(errno, cat({"cannot examine notice directory '", options_.directory, "'"}));
  }
  const Identity identity{status.st_dev, status.st_ino};
  if (identity == identity_) {
    return directory;
  }
  if (const Result<void> looked = look_around(directory->get()); !looked) {
    return tl::unexpected(looked.error());
  }
  identity_ = identity;
  return directory;
}

/// Finds the highest number, and removes what writers that are gone have left unfinished. One with
/// our pid is an earlier process: we have nothing unfinished now.
Result<void> NoticeWriter::look_around(int directory) {
  const Result<DirectoryListing> listing = list_directory(directory);
  if (!listing) {
    return tl::unexpected(listing.error());
  }
  for (const std::string& name : listing->temporaries) {
    const pid_t owner = temporary_owner(name).value_or(0);
    if (owner == ::getpid() || !is_alive(owner)) {
      ::unlinkat(directory, name.c_str(), 0);
    }
  }
  if (!listing->notices.empty()) {
    last_number_ = std::max(last_number_, listing->notices.back());
  }
  files_ = listing->notices.size();
  sizes_known_ = listing->notices.empty();
  bytes_ = 0;
  return {};
}

Result<std::string> NoticeWriter::write_temporary(int directory, std::string_view content) {
  std::string name;
  UniqueFd fd;
  int error = EEXIST;
  for (int attempt = 0; attempt < kMaxNameAttempts && error == EEXIST; ++attempt) {
    name = temporary_name(::getpid(), temporaries_++);
    fd.reset(::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      0600));
    error = fd ? 0 : errno;
  }
  if (!fd) {
    return fail_errno(error, cat({"cannot create notice in '", options_.directory, "'"}));
  }
  error = finish_file(fd.get(), content, options_.sync);
  if (error != 0) {
    ::unlinkat(directory, name.c_str(), 0);
    return fail_errno(error, cat({"cannot write notice in '", options_.directory, "'"}));
  }
  return name;
}

Result<std::string> NoticeWriter::publish_next(int directory, const std::string& temporary,
                                               WallTime now) {
  int error = EEXIST;
  for (int attempt = 0; attempt < kMaxNameAttempts && error == EEXIST; ++attempt) {
    // Only a name that is ours or known to be taken moves the number on; a failure does not.
    const std::int64_t number = std::max({last_number_ + 1, unix_seconds(now), std::int64_t{0}});
    std::string name = notice_name(number);
    error = publish_as(directory, temporary, name);
    if (error == 0 || error == EEXIST) {
      last_number_ = number;
    }
    if (error == 0) {
      return name;
    }
  }
  return fail_errno(error, cat({"cannot name notice in '", options_.directory, "'"}));
}

/// 0 or an errno value.
int NoticeWriter::publish_as(int directory, const std::string& temporary, const std::string& name) {
  std::optional<PublishMethod> method = PublishMethod::link;
  int error = 0;
  while (method) {
    error = publish(directory, temporary, name, *method);
    method = error == 0 ? std::nullopt : next_method(*method, error);
  }
  return error;
}

void NoticeWriter::count_written(int directory, std::size_t bytes) {
  files_ += 1;
  bytes_ += bytes;
  const bool too_many = options_.max_files != 0 && files_ > options_.max_files;
  const bool too_large = options_.max_bytes != 0 && (!sizes_known_ || bytes_ > options_.max_bytes);
  if (too_many || too_large) {
    remove_oldest(directory);
  }
}

/// Counts what is really there, newest first, and removes what is beyond the limits, oldest first.
/// A little more than necessary goes, so that this is not done for every notice. A failure only
/// means that more is kept.
void NoticeWriter::remove_oldest(int directory) {
  const Result<DirectoryListing> listing = list_directory(directory);
  if (!listing) {
    return;
  }
  const Room room{options_.max_files, options_.max_bytes};
  files_ = 0;
  bytes_ = 0;
  sizes_known_ = true;
  auto next = listing->notices.rbegin();
  for (; next != listing->notices.rend() && room.has_more(files_, bytes_); ++next) {
    if (const auto size = notice_size(directory, notice_name(*next))) {
      if (!room.has(files_, bytes_ + *size)) {
        break;
      }
      files_ += 1;
      bytes_ += *size;
    }
  }
  std::size_t removed = 0;
  const auto oldest_kept = next.base();
  for (auto old = listing->notices.begin(); old != oldest_kept && removed < kMaxRemovals; ++old) {
    const std::string name = notice_name(*old);
    if (notice_size(directory, name) && ::unlinkat(directory, name.c_str(), 0) == 0) {
      ++removed;
    }
  }
}

}  // namespace sv::navi
