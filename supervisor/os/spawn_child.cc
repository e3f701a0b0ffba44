#include "os/spawn_child.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

// The child dies or executes in the middle of these functions, so what address sanitizer marked on
// its stack would never be unmarked in the memory it shares with the parent.
#define SV_CHILD_SIDE __attribute__((no_sanitize("address", "undefined")))

namespace sv::os {
namespace {

constexpr int kSignals = 64;
constexpr std::size_t kKernelSigsetSize = kSignals / 8;

/// All of the kernel's struct sigaction, whatever its layout: zeros mean SIG_DFL, no flags, empty
/// mask.
struct DefaultAction {
  unsigned char zeros[64];
};

/// Handlers would run in the parent's memory and ignored signals survive exec; neither is wanted.
SV_CHILD_SIDE int reset_signals() {
  const DefaultAction action = {};
  for (int number = 1; number <= kSignals; ++number) {
    if (number == SIGKILL || number == SIGSTOP) {
      continue;
    }
    // EINVAL: the architecture has fewer signals.
    if (::syscall(SYS_rt_sigaction, number, &action, nullptr, kKernelSigsetSize) != 0 &&
        errno != EINVAL) {
      return errno;
    }
  }
  return 0;
}

SV_CHILD_SIDE int own_process_group() {
  return ::syscall(SYS_setpgid, 0, 0) == 0 ? 0 : errno;
}

/// From the background; the kernel allows it because TTOU is blocked like every signal.
SV_CHILD_SIDE void take_terminal(const ChildTask& task) {
  if (task.take_terminal) {
    const pid_t self = static_cast<pid_t>(::syscall(SYS_getpid));
    ::syscall(SYS_ioctl, STDIN_FILENO, TIOCSPGRP, &self);
  }
}

/// A descriptor that is to become another one of 0-2 is moved out of the way first, so that the
/// assignments cannot overwrite each other's source.
SV_CHILD_SIDE int move_out_of_the_way(int (&stdio)[3]) {
  for (int target = 0; target < 3; ++target) {
    if (stdio[target] >= 0 && stdio[target] < 3 && stdio[target] != target) {
      const long moved = ::syscall(SYS_fcntl, stdio[target], F_DUPFD_CLOEXEC, 3);
      if (moved < 0) {
        return errno;
      }
      stdio[target] = static_cast<int>(moved);
    }
  }
  return 0;
}

SV_CHILD_SIDE int connect_stdio(const ChildTask& task) {
  int stdio[3] = {task.stdio[0], task.stdio[1], task.stdio[2]};
  if (const int err = move_out_of_the_way(stdio); err != 0) {
    return err;
  }
  for (int target = 0; target < 3; ++target) {
    if (stdio[target] < 0) {
      continue;
    }
    // dup3() refuses equal numbers and dup2() would keep close-on-exec there.
    const long rc = stdio[target] == target ? ::syscall(SYS_fcntl, target, F_SETFD, 0)
                                            : ::syscall(SYS_dup3, stdio[target], target, 0);
    if (rc < 0) {
      return errno;
    }
  }
  return 0;
}

SV_CHILD_SIDE int close_descriptors(const ChildTask& task) {
  if (task.descriptors == nullptr) {
    return ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0 ? 0 : errno;
  }
  for (std::size_t i = 0; i < task.descriptor_count; ++i) {
    // EBADF: was the descriptor of the directory the parent read.
    if (::syscall(SYS_fcntl, task.descriptors[i], F_SETFD, FD_CLOEXEC) != 0 && errno != EBADF) {
      return errno;
    }
  }
  return 0;
}

SV_CHILD_SIDE int set_umask(const ChildTask& task) {
  if (task.set_umask) {
    ::syscall(SYS_umask, task.umask);
  }
  return 0;
}

SV_CHILD_SIDE int set_groups(const ChildTask& task) {
#ifdef SYS_setgroups32
  constexpr long kSetGroups = SYS_setgroups32;
#else
  constexpr long kSetGroups = SYS_setgroups;
#endif
  return ::syscall(kSetGroups, task.group_count, task.groups) == 0 ? 0 : errno;
}

SV_CHILD_SIDE int set_gid(const ChildTask& task) {
#ifdef SYS_setresgid32
  constexpr long kSetGid = SYS_setresgid32;
#else
  constexpr long kSetGid = SYS_setresgid;
#endif
  return ::syscall(kSetGid, task.gid, task.gid, task.gid) == 0 ? 0 : errno;
}

SV_CHILD_SIDE int set_uid(const ChildTask& task) {
#ifdef SYS_setresuid32
  constexpr long kSetUid = SYS_setresuid32;
#else
  constexpr long kSetUid = SYS_setresuid;
#endif
  return ::syscall(kSetUid, task.uid, task.uid, task.uid) == 0 ? 0 : errno;
}

SV_CHILD_SIDE int change_directory(const ChildTask& task) {
  if (task.directory == nullptr) {
    return 0;
  }
  return ::syscall(SYS_chdir, task.directory) == 0 ? 0 : errno;
}

/// Unblocks everything (no handler is left that could run) and executes.
SV_CHILD_SIDE int execute(const ChildTask& task) {
  const unsigned char empty_mask[kKernelSigsetSize] = {};
  if (::syscall(SYS_rt_sigprocmask, SIG_SETMASK, empty_mask, nullptr, kKernelSigsetSize) != 0) {
    return errno;
  }
  ::syscall(SYS_execve, task.path, task.argv, task.envp);
  return errno;
}

SV_CHILD_SIDE bool step_ok(ChildTask& task, SpawnStep step, int err) {
  if (err == 0) {
    return true;
  }
  task.failed = true;
  task.failed_step = step;
  task.err = err;
  return false;
}

/// The order matters: groups and gid need the privileges that uid gives up, and the directory is
/// entered with the rights of the target user.
SV_CHILD_SIDE void run_steps(ChildTask& task) {
  const bool prepared = step_ok(task, SpawnStep::signals, reset_signals()) &&
                        step_ok(task, SpawnStep::process_group, own_process_group()) &&
                        step_ok(task, SpawnStep::stdio, connect_stdio(task)) &&
                        step_ok(task, SpawnStep::close_descriptors, close_descriptors(task)) &&
                        step_ok(task, SpawnStep::umask, set_umask(task));
  if (!prepared) {
    return;
  }
  take_terminal(task);
  if (task.set_identity && !(step_ok(task, SpawnStep::groups, set_groups(task)) &&
                             step_ok(task, SpawnStep::gid, set_gid(task)) &&
                             step_ok(task, SpawnStep::uid, set_uid(task)))) {
    return;
  }
  if (step_ok(task, SpawnStep::directory, change_directory(task))) {
    step_ok(task, SpawnStep::exec, execute(task));  // back here only if it failed
  }
}

}  // namespace

SV_CHILD_SIDE int run_child(void* task) {
  run_steps(*static_cast<ChildTask*>(task));
  for (;;) {
    ::syscall(SYS_exit_group, 127);
  }
}

}  // namespace sv::os
