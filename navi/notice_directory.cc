#include "navi/notice_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

#include "base/text.h"

namespace sv::navi {
namespace {

constexpr std::string_view kNoticeSuffix = ".json";
constexpr std::string_view kTemporaryPrefix = ".navi-";
constexpr std::string_view kTemporarySuffix = ".tmp";

struct CloseDir {
  void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};

/// All of the text as a number without sign; no leading zeros, so that a name has one form.
template <class T>
std::optional<T> digits(std::string_view text) {
  T value = 0;
  const char* end = text.data() + text.size();
  const bool leading = text.size() > 1 && text.front() == '0';
  if (text.empty() || text.front() == '-' || leading) {
    return std::nullopt;
  }
  const auto [at, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && at == end ? std::optional(value) : std::nullopt;
}

/// Cuts off prefix and suffix; nullopt if they are not there.
std::optional<std::string_view> between(std::string_view text, std::string_view prefix,
                                        std::string_view suffix) {
  if (text.size() < prefix.size() + suffix.size() || !text.starts_with(prefix) ||
      !text.ends_with(suffix)) {
    return std::nullopt;
  }
  return text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
}

int open_once(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

}  // namespace

std::optional<std::int64_t> notice_number(std::string_view file_name) {
  const auto text = between(file_name, "", kNoticeSuffix);
  const auto number = text ? digits<std::int64_t>(*text) : std::nullopt;
  return number && *number <= kLargestNumber ? number : std::nullopt;
}

std::string notice_name(std::int64_t number) {
  return cat({std::to_string(number), kNoticeSuffix});
}

std::string temporary_name(pid_t pid, std::uint64_t n) {
  return cat({kTemporaryPrefix, std::to_string(pid), "-", std::to_string(n), kTemporarySuffix});
}

std::optional<pid_t> temporary_owner(std::string_view file_name) {
  const auto text = between(file_name, kTemporaryPrefix, kTemporarySuffix);
  if (!text) {
    return std::nullopt;
  }
  const std::size_t dash = text->find('-');
  if (dash == std::string_view::npos || !digits<std::uint64_t>(text->substr(dash + 1))) {
    return std::nullopt;
  }
  return digits<pid_t>(text->substr(0, dash));
}

Result<UniqueFd> open_directory(const std::string& path) {
  int fd = open_once(path);
  if (fd < 0 && errno == ENOENT && ::mkdir(path.c_str(), 0755) == 0) {
    fd = open_once(path);
  }
  if (fd >= 0) {
    return UniqueFd(fd);
  }
  const int error = errno;
  return fail_errno(error, cat({"cannot open notice directory '", path, "'",
                                error == ENOTDIR ? " (links are not followed)" : ""}));
}

Result<DirectoryListing> list_directory(int directory) {
  // A descriptor of its own: reading must not move the position of the caller's.
  UniqueFd fd(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, CloseDir> stream(fd ? ::fdopendir(fd.get()) : nullptr);
  if (!stream) {
    return fail_errno(errno, "cannot read notice directory");
  }
  (void)fd.release();  // the stream owns it now
  DirectoryListing listing;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    if (const auto number = notice_number(entry->d_name)) {
      listing.notices.push_back(*number);
    } else if (temporary_owner(entry->d_name)) {
      listing.temporaries.emplace_back(entry->d_name);
    }
    errno = 0;
  }
  if (errno != 0) {
    return fail_errno(errno, "cannot read notice directory");
  }
  std::ranges::sort(listing.notices);
  return listing;
}

int publish(int directory, const std::string& temporary, const std::string& name,
            PublishMethod method) {
  const char* from = temporary.c_str();
  const char* to = name.c_str();
  switch (method) {
    case PublishMethod::link:
      if (::linkat(directory, from, directory, to, 0) != 0) {
        return errno;
      }
      ::unlinkat(directory, from, 0);  // a second name that stays is cleaned at the next start
      return 0;
    case PublishMethod::rename_no_replace:
      return ::renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0 ? 0 : errno;
    case PublishMethod::rename: {
      struct stat status {};
      if (::fstatat(directory, to, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        return EEXIST;
      }
      return ::renameat(directory, from, directory, to) == 0 ? 0 : errno;
    }
  }
  return EINVAL;
}

std::optional<PublishMethod> next_method(PublishMethod method, int error) {
  const bool unsupported = error == EPERM || error == EOPNOTSUPP || error == ENOSYS ||
                           error == EINVAL || error == EMLINK;
  if (!unsupported) {
    return std::nullopt;
  }
  switch (method) {
    case PublishMethod::link:
      return PublishMethod::rename_no_replace;
    case PublishMethod::rename_no_replace:
      return PublishMethod::rename;
    case PublishMethod::rename:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace sv::navi
