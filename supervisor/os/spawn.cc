#include "os/spawn.h"

#include <dirent.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "os/spawn_child.h"

namespace sv::os {
namespace {

/// The child's side needs a few hundred bytes: it calls nothing but system calls, two levels deep.
constexpr std::size_t kStackBytes = std::size_t{16} * 1024;
constexpr std::size_t kKernelSigsetSize = 8;
/// Upper bound for marking descriptors one by one where neither close_range() nor /proc exists.
constexpr int kDescriptorScanLimit = 65536;

/// Blocks every signal, libc's own included, and restores the mask. The child starts with all of
/// them blocked: a handler must not run there, it would write into the parent's memory.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() noexcept {
    const std::uint64_t all = ~std::uint64_t{0};
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before_, kKernelSigsetSize);
  }
  ~AllSignalsBlocked() {
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, kKernelSigsetSize);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  std::uint64_t before_ = 0;
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // execve() does not write to them
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// Asks the kernel with a range that is empty in practice. Old kernels do not know the call or the
/// flag; old container runtimes answer EPERM for what they do not know.
bool has_close_range() {
  return ::syscall(SYS_close_range, ~0U, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

/// Every descriptor the child might inherit, from /proc or, without it, by counting.
std::vector<int> open_descriptors() {
  std::vector<int> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  if (directory != nullptr) {
    while (const dirent* entry = ::readdir(directory.get())) {
      const std::string_view name = entry->d_name;
      int fd = -1;
      if (std::from_chars(name.data(), name.data() + name.size(), fd).ec == std::errc{} && fd > 2) {
        found.push_back(fd);
      }
    }
    return found;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, kDescriptorScanLimit));
  for (int fd = 3; fd < end; ++fd) {
    found.push_back(fd);
  }
  return found;
}

void take_identity(ChildTask& task, const ChildIdentity& identity) {
  // Already who it is to be: no call, so that this also works without privileges.
  if (identity.uid == ::getuid() && identity.uid == ::geteuid()) {
    return;
  }
  task.set_identity = true;
  task.uid = identity.uid;
  task.gid = identity.gid;
  task.groups = identity.groups.data();
  task.group_count = identity.groups.size();
}

/// The one targeted wait of the program: the child told us in memory that it failed and is about
/// to exit, and nobody else must see its status.
void reap_failed(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

tl::expected<pid_t, SpawnError> spawn(const ChildPlan& plan) {
  const std::vector<char*> argv = pointers_to(plan.argv);
  const std::vector<char*> envp = pointers_to(plan.envp);
  ChildTask task;
  task.path = plan.path.c_str();
  task.argv = argv.data();
  task.envp = envp.data();
  task.stdio[0] = plan.stdin_fd;
  task.stdio[1] = plan.stdout_fd;
  task.stdio[2] = plan.stderr_fd;
  task.take_terminal = plan.take_terminal;
  task.set_umask = plan.umask.has_value();
  task.umask = plan.umask.value_or(0);
  if (plan.identity) {
    take_identity(task, *plan.identity);
  }
  task.directory = plan.directory ? plan.directory->c_str() : nullptr;
  std::vector<int> descriptors;
  if (!has_close_range()) {
    descriptors = open_descriptors();
    descriptors.push_back(-1);  // never empty: data() must not be nullptr
    task.descriptors = descriptors.data();
    task.descriptor_count = descriptors.size();
  }

  // In our own frame: we sleep until the child has left it, and memory in use costs no page faults.
  alignas(16) std::array<char, kStackBytes> stack;
  const AllSignalsBlocked blocked;
  const int pid =
      ::clone(run_child, stack.data() + stack.size(), CLONE_VM | CLONE_VFORK | SIGCHLD, &task);
  if (pid < 0) {
    return tl::unexpected(SpawnError{SpawnStep::clone, errno});
  }
  if (task.failed) {
    reap_failed(pid);
    return tl::unexpected(SpawnError{task.failed_step, task.err});
  }
  return pid;
}

std::string describe(const SpawnError& error, const ChildPlan& plan) {
  std::string reason = errno_name(error.err);
  switch (error.step) {
    case SpawnStep::clone:
      return cat({"couldn't create a process: ", reason});
    case SpawnStep::signals:
      return cat({"couldn't reset signals: ", reason});
    case SpawnStep::process_group:
      return cat({"couldn't create a process group: ", reason});
    case SpawnStep::stdio:
      return cat({"couldn't connect standard descriptors: ", reason});
    case SpawnStep::close_descriptors:
      return cat({"couldn't close descriptors: ", reason});
    case SpawnStep::umask:
      return cat({"couldn't set umask: ", reason});
    case SpawnStep::groups:
    case SpawnStep::gid:
    case SpawnStep::uid: {
      const uid_t uid = plan.identity ? plan.identity->uid : 0;
      if (error.err == EPERM && ::geteuid() != 0) {
        reason = "Can't drop privilege as nonroot user";  // the reference's words
      }
      return cat({"couldn't setuid to ", std::to_string(uid), ": ", reason});
    }
    case SpawnStep::directory:
      return cat({"couldn't chdir to ", plan.directory.value_or(""), ": ", reason});
    case SpawnStep::exec:
      return cat(
          {"couldn't exec ", plan.argv.empty() ? plan.path : plan.argv.front(), ": ", reason});
  }
  return reason;
}

}  // namespace sv::os
