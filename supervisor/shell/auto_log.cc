#include "shell/auto_log.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>

#include "base/text.h"
#include "base/unique_fd.h"

namespace sv::shell {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789_";
constexpr std::size_t kRandomCharacters = 8;
constexpr std::size_t kMaxBackupDigits = 4;
constexpr int kAttempts = 64;
constexpr std::string_view kChannels[] = {"-stdout", "-stderr"};

/// Eight characters that are hard to guess; O_EXCL does the rest.
tl::expected<std::string, int> random_name() {
  unsigned char bytes[kRandomCharacters];
  if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
    return tl::unexpected(errno);
  }
  std::string name;
  for (const unsigned char byte : bytes) {
    name += kAlphabet[byte % kAlphabet.size()];
  }
  return name;
}

bool remove_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) {
    return false;
  }
  text.remove_suffix(suffix.size());
  return true;
}

/// Takes ".12" off the end, if there is one.
void remove_backup_number(std::string_view& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return;
  }
  const std::string_view digits = name.substr(dot + 1);
  if (!digits.empty() && digits.size() <= kMaxBackupDigits &&
      digits.find_first_not_of("0123456789") == std::string_view::npos) {
    name = name.substr(0, dot);
  }
}

}  // namespace

tl::expected<std::string, int> create_auto_log(const std::string& directory,
                                               std::string_view process, core::Channel channel,
                                               std::string_view identifier) {
  int err = EEXIST;
  for (int attempt = 0; attempt < kAttempts && err == EEXIST; ++attempt) {
    const tl::expected<std::string, int> random = random_name();
    if (!random) {
      return tl::unexpected(random.error());
    }
    std::string path = cat({directory, "/", process, "-", core::channel_name(channel), "---",
                            identifier, "-", *random, ".log"});
    const UniqueFd fd(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd) {
      return path;
    }
    err = errno;
  }
  return tl::unexpected(err);
}

bool is_auto_log_name(std::string_view name, std::string_view identifier) {
  remove_backup_number(name);
  if (!remove_suffix(name, ".log") || name.size() < kRandomCharacters) {
    return false;
  }
  const std::string_view random = name.substr(name.size() - kRandomCharacters);
  if (random.find_first_not_of(kAlphabet) != std::string_view::npos) {
    return false;
  }
  name.remove_suffix(kRandomCharacters);
  if (!remove_suffix(name, cat({"---", identifier, "-"}))) {
    return false;
  }
  return std::any_of(std::begin(kChannels), std::end(kChannels), [name](std::string_view channel) {
    return name.size() > channel.size() && name.ends_with(channel);
  });
}

AutoLogCleanup remove_auto_logs(const std::string& directory, std::string_view identifier) {
  AutoLogCleanup result;
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(directory.c_str()), ::closedir);
  if (entries == nullptr) {
    result.directory_unreadable = true;
    return result;
  }
  while (const dirent* entry = ::readdir(entries.get())) {
    if (is_auto_log_name(entry->d_name, identifier) &&
        ::unlinkat(::dirfd(entries.get()), entry->d_name, 0) != 0 && errno != ENOENT) {
      result.failed.push_back(cat({directory, "/", entry->d_name}));
    }
  }
  return result;
}

}  // namespace sv::shell
