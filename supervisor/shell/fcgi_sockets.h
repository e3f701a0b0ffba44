#pragma once

#include <map>
#include <string>
#include <tl/expected.hpp>

#include "base/log.h"
#include "base/unique_fd.h"
#include "config/model.h"

namespace sv::shell {

/// The listening sockets of FastCGI groups (supervisor-config, 13.5): made before the first process
/// of a group is spawned, shared by all, closed when the last one is gone. A unix socket's file
/// stays, as in the reference, and is replaced the next time.
class FcgiSockets {
 public:
  explicit FcgiSockets(ActivityLog& log) : log_(log) {}

  /// The group's socket for one more run of a process. The descriptor is borrowed until release().
  /// The error is a text for clients.
  [[nodiscard]] tl::expected<int, std::string> acquire(const config::GroupConfig& group);

  /// One run that had acquired it is over.
  void release(const config::GroupConfig& group) noexcept;

 private:
  struct Shared {
    UniqueFd socket;
    int users = 0;
  };

  ActivityLog& log_;
  std::map<std::string, Shared, std::less<>> sockets_;  ///< by group
};

}  // namespace sv::shell
