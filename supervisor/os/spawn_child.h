#pragma once

#include <sys/types.h>

#include <cstddef>

#include "os/child_plan.h"

/// The child's side of spawn(): from clone to exec, in the parent's memory while the parent sleeps.
///
/// The rules: no allocation, no locks, no locale, no C++ object with a destructor, nothing of libc
/// but syscall(). The set*id wrappers in particular synchronise all threads of what they take for
/// their own process, which here is the parent's memory.
namespace sv::os {

/// ChildPlan as plain pointers, made by the parent. `failed_step` and `err` are the answer.
struct ChildTask {
  const char* path = nullptr;
  char* const* argv = nullptr;
  char* const* envp = nullptr;
  int stdio[3] = {-1, -1, -1};  ///< becomes descriptor 0, 1, 2; -1: stays what it is

  bool take_terminal = false;

  bool set_umask = false;
  mode_t umask = 0;

  bool set_identity = false;
  uid_t uid = 0;
  gid_t gid = 0;
  const gid_t* groups = nullptr;
  std::size_t group_count = 0;

  const char* directory = nullptr;  ///< nullptr: stay

  /// Where close_range() is missing: the descriptors to mark close-on-exec. nullptr: it is there.
  const int* descriptors = nullptr;
  std::size_t descriptor_count = 0;

  bool failed = false;
  SpawnStep failed_step = SpawnStep::clone;
  int err = 0;
};

/// Entry point for clone(); `task` is a ChildTask. Does not return: executes, or notes the failure
/// in the task and exits with 127. All signals must be blocked.
int run_child(void* task);

}  // namespace sv::os
