#include "shell/supervise_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFifoMode = 0600;

/// Packages lay the folder as a link to a place that is writable, and that may not exist yet.
Result<void> make_folder(const std::string& path) {
  std::error_code problem;
  fs::path target = path;
  if (fs::is_symlink(target, problem)) {
    const fs::path link = fs::read_symlink(target, problem);
    target = link.is_absolute() ? link : target.parent_path() / link;
  }
  fs::create_directories(target, problem);
  if (problem) {
    return fail_errno(problem.value(), cat({"cannot create '", target.string(), "'"}));
  }
  if (::chmod(target.c_str(), kFolderMode) != 0) {
    return fail_errno(errno, cat({"cannot change the mode of '", target.string(), "'"}));
  }
  return {};
}

}  // namespace

SuperviseFolder::SuperviseFolder(std::string path, OnBytes on_bytes)
    : path_(std::move(path)), on_bytes_(std::move(on_bytes)) {}

SuperviseFolder::~SuperviseFolder() {
  poll_.reset();  // before its descriptor
}

Result<std::unique_ptr<SuperviseFolder>> SuperviseFolder::open(uv::Loop& loop,
                                                               const std::string& directory,
                                                               OnBytes on_bytes) {
  std::unique_ptr<SuperviseFolder> folder(
      new SuperviseFolder(directory + "/supervise", std::move(on_bytes)));
  if (Result<void> made = make_folder(folder->path_); !made) {
    return tl::unexpected(std::move(made.error()));
  }
  if (Result<void> locked = folder->lock(); !locked) {
    return tl::unexpected(std::move(locked.error()));
  }
  for (const auto& [name, flags, fd] : {std::tuple("ok", O_RDONLY, &folder->ok_),
                                        std::tuple("control", O_RDONLY, &folder->control_),
                                        std::tuple("control", O_WRONLY, &folder->writer_)}) {
    Result<UniqueFd> opened = folder->fifo(name, flags);
    if (!opened) {
      return tl::unexpected(std::move(opened.error()));
    }
    *fd = std::move(*opened);
  }
  Result<uv::Poll> poll =
      uv::Poll::create(loop, folder->control_.get(),
                       [self = folder.get()](uv::Poll::Ready) { self->on_readable(); });
  if (!poll) {
    return tl::unexpected(std::move(poll.error()));
  }
  folder->poll_ = std::move(*poll);
  folder->poll_.start(uv::Poll::Interest::readable);
  return folder;
}

Result<void> SuperviseFolder::lock() {
  const std::string name = path_ + "/lock";
  lock_.reset(::open(name.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_) {
    return fail_errno(errno, cat({"cannot open '", name, "'"}));
  }
  if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail_errno(errno, cat({"cannot lock '", name, "'"}));
  }
  return {};
}

Result<UniqueFd> SuperviseFolder::fifo(const std::string& name, int flags) const {
  const std::string file = cat({path_, "/", name});
  if (::mkfifo(file.c_str(), kFifoMode) != 0 && errno != EEXIST) {
    return fail_errno(errno, cat({"cannot create '", file, "'"}));
  }
  UniqueFd fd(::open(file.c_str(), flags | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) {
    return fail_errno(errno, cat({"cannot open '", file, "'"}));
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISFIFO(info.st_mode)) {
    return fail(ErrorCode::already_exists, cat({"cannot use '", file, "': not a FIFO"}));
  }
  return fd;
}

void SuperviseFolder::on_readable() {
  std::array<char, 64> buffer;
  const ssize_t n = ::read(control_.get(), buffer.data(), buffer.size());
  if (n > 0) {
    on_bytes_(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

void SuperviseFolder::show(const init::ServiceView& view) noexcept {
  try {
    // Not created anew if the folder has been removed meanwhile: that is an error, and passed over.
    (void)os::write_file_atomically(path_ + "/pid", init::pid_text(view), 0644);
    (void)os::write_file_atomically(path_ + "/stat", init::stat_text(view), 0644);
    (void)os::write_file_atomically(path_ + "/status", init::status_bytes(view), 0644);
  } catch (const std::bad_alloc&) {
    return;  // without memory the files stay as they were
  }
}

}  // namespace sv::shell
