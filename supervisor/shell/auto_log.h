#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/event.h"

/// Files of logs set to AUTO (supervisor-config, 14.2).
namespace sv::shell {

/// Creates `<process>-<stdout|stderr>---<identifier>-<8 random characters>.log` in `directory`,
/// mode 0600, empty, and returns its path. The error is an errno value.
[[nodiscard]] tl::expected<std::string, int> create_auto_log(const std::string& directory,
                                                             std::string_view process,
                                                             core::Channel channel,
                                                             std::string_view identifier);

/// Whether a file name is one of ours, or a rotated one. Unlike the reference's pattern this one
/// is anchored at both ends, takes the identifier literally, and wants the eight characters, so
/// "x---supervisor-y.log.bak" of somebody else stays.
[[nodiscard]] bool is_auto_log_name(std::string_view name, std::string_view identifier);

/// What clean-up could not do, for warnings.
struct AutoLogCleanup {
  bool directory_unreadable = false;
  std::vector<std::string> failed;  ///< full paths
};

/// Deletes the files of earlier runs from `directory`.
[[nodiscard]] AutoLogCleanup remove_auto_logs(const std::string& directory,
                                              std::string_view identifier);

}  // namespace sv::shell
