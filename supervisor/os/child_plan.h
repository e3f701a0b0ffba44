#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sv::os {

/// Identity a child runs with, resolved in the parent.
struct ChildIdentity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  ///< supplementary groups, primary first
};

/// Everything a child needs, resolved in the parent, because the child may not allocate. A value;
/// the descriptors are borrowed and must stay open until spawn() returns.
struct ChildPlan {
  std::string path;               ///< file to execute, already searched for
  std::vector<std::string> argv;  ///< argv[0] as configured
  std::vector<std::string> envp;  ///< "KEY=value"
  int stdin_fd = -1;
  int stdout_fd = -1;
  int stderr_fd = -1;
  std::optional<ChildIdentity> identity;  ///< unset: the daemon's own
  std::optional<std::string> directory;   ///< chdir after the identity change
  std::optional<mode_t> umask;
  /// Its process group becomes the foreground of the terminal that standard input is. Best effort:
  /// without a terminal nothing happens.
  bool take_terminal = false;
};

/// Steps of the child side, in order; the one that failed is reported.
enum class SpawnStep {
  clone,  ///< in the parent: no child came into being
  signals,
  process_group,
  stdio,
  close_descriptors,
  umask,
  groups,
  gid,
  uid,
  directory,
  exec,
};

struct SpawnError {
  SpawnStep step = SpawnStep::clone;
  int err = 0;
};

}  // namespace sv::os
