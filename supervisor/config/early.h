#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/loader.h"
#include "config/model.h"

namespace sv::config {

/// What a daemon started as root must know before it gives that up, and nothing more.
struct EarlySettings {
  std::optional<UserRef> user;
  std::uint64_t min_fds = 0;
  std::uint64_t min_procs = 0;
};

/// Reads [supervisord] of the main file alone: included files may belong to the user the daemon is
/// about to become, so they are not looked at. nullopt when the file cannot be read or has no such
/// section; mistakes are left for load() to report.
[[nodiscard]] std::optional<EarlySettings> peek(const std::string& file,
                                                const LoadContext& context);

}  // namespace sv::config
