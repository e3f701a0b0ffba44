#include "os/memory_account.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/proc_file.h"

namespace sv::os {
namespace {

constexpr std::string_view kVersion1 = "memory.oom_control";
constexpr std::string_view kVersion2 = "memory.events";

/// The files have some 100 bytes; /proc/self/cgroup has as much per controller, and a change shows
/// in the first pages of even the longest.
using Buffer = std::array<char, 4096>;

UniqueFd open_to_read(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

/// What the file says now. Such files give all they have in one call. nullopt: they cannot be read.
std::optional<std::string_view> read_again(int fd, Buffer& buffer) {
  ssize_t length = -1;
  do {
    length = ::pread(fd, buffer.data(), buffer.size(), 0);
  } while (length < 0 && errno == EINTR);
  return length < 0
             ? std::nullopt
             : std::optional(std::string_view(buffer.data(), static_cast<std::size_t>(length)));
}

/// The number in the line "KEY NUMBER".
std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ' ') {
      return proc_number<std::uint64_t>(line.substr(key.size() + 1));
    }
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  }
  return std::nullopt;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  const std::optional<std::string> text = read_proc_file(path, 64);
  return text ? proc_number<std::uint64_t>(trim(*text)) : std::nullopt;
}

std::optional<std::pair<dev_t, ino_t>> identity_of(const UniqueFd& fd) {
  struct stat about {};
  return fd && ::fstat(fd.get(), &about) == 0 ? std::optional(std::pair(about.st_dev, about.st_ino))
                                              : std::nullopt;
}

}  // namespace

MemoryAccount::MemoryAccount(std::string proc) : proc_(std::move(proc)) {
  open_files();
}

void MemoryAccount::open_files() {
  events_.reset();
  local_events_.reset();
  place_.reset();
  unified_.clear();
  Buffer buffer;
  membership_ = open_to_read(proc_ + "/self/cgroup");
  membership_text_ = membership_ ? read_again(membership_.get(), buffer).value_or("") : "";
  const Cgroups groups = own_cgroups(proc_);
  if (groups.unified) {
    unified_ = groups.unified->directory;
  }
  if (groups.memory) {
    open_in(*groups.memory);
  }
  // A move within the container leaves its counter what it is.
  const auto file = identity_of(events_);
  if (std::exchange(counted_in_, file) != file || !file) {
    ++opened_;
  }
}

/// Version 2: a group that shows as the root of the mount, and has such a file, is the container:
/// it counts for all groups in it, where programs may have groups beside ours. Otherwise our own
/// group's file is taken. Where that has none either its memory is accounted by one above it, or
/// the path is one of another namespace and the mount's root is what we see of ourselves: both are
/// found going up.
void MemoryAccount::open_in(const CgroupPlace& own) {
  const std::string_view file = own.is_v2 ? kVersion2 : kVersion1;
  std::string directory = own.is_v2 ? own.mount_point : own.directory;
  events_ = open_to_read(cat({directory, "/", file}));
  if (!events_) {
    directory = own.directory;
    events_ = open_to_read(cat({directory, "/", file}));
  }
  while (!events_ && directory.size() > own.mount_point.size()) {
    directory.resize(directory.rfind('/'));
    events_ = open_to_read(cat({directory, "/", file}));
  }
  if (!events_) {
    return;
  }
  if (own.is_v2) {
    local_events_ = open_to_read(own.directory + "/memory.events.local");
  }
  place_ = own;
  place_->directory = std::move(directory);
}

bool MemoryAccount::was_moved() const {
  Buffer buffer;
  const auto text = membership_ ? read_again(membership_.get(), buffer) : std::nullopt;
  return !text || *text != membership_text_;
}

std::optional<MemoryCounters> MemoryAccount::read_counters() const {
  Buffer buffer;
  const auto text = events_ ? read_again(events_.get(), buffer) : std::nullopt;
  const auto kills = text ? value_of(*text, "oom_kill") : std::nullopt;
  if (!kills) {
    return std::nullopt;
  }
  MemoryCounters counters;
  counters.opened = opened_;
  counters.kills = *kills;
  if (place_->is_v2) {
    counters.group_kills = value_of(*text, "oom_group_kill");
    const auto local = local_events_ ? read_again(local_events_.get(), buffer) : std::nullopt;
    counters.local_kills = local ? value_of(*local, "oom_kill") : std::nullopt;
  }
  return counters;
}

std::optional<MemoryCounters> MemoryAccount::counters() {
  if (!was_moved()) {
    if (const auto counters = read_counters()) {
      return counters;
    }
  }
  open_files();
  return read_counters();
}

MemoryLevels MemoryAccount::levels() const {
  if (!place_) {
    return {};
  }
  Cgroups groups;
  groups.memory = place_;
  const std::string& in = place_->directory;
  return {cgroup_limits(groups).memory_bytes,
          number_in(in + (place_->is_v2 ? "/memory.current" : "/memory.usage_in_bytes")),
          number_in(in + (place_->is_v2 ? "/memory.peak" : "/memory.max_usage_in_bytes"))};
}

int MemoryAccount::version() const {
  return !place_ ? 0 : place_->is_v2 ? 2 : 1;
}

std::string_view MemoryAccount::source() const {
  return !place_ ? "" : place_->is_v2 ? kVersion2 : kVersion1;
}

std::optional<std::string> MemoryAccount::events_file() const {
  return version() == 2 ? std::optional(cat({place_->directory, "/", kVersion2})) : std::nullopt;
}

std::vector<std::string> MemoryAccount::pressure_files() const {
  std::vector<std::string> files;
  if (version() == 2) {
    files.push_back(place_->directory + "/memory.pressure");
  }
  if (!unified_.empty() && (files.empty() || unified_ != place_->directory)) {
    files.push_back(unified_ + "/memory.pressure");
  }
  files.push_back(proc_ + "/pressure/memory");
  return files;
}

}  // namespace sv::os
