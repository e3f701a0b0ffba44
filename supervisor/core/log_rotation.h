#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// When and how a log file is rotated (supervisor-config, sections 10 and 14.1). Pure policy:
/// whoever owns the file writes, renames and reopens. For regular files only; a pipe or terminal is
/// never rotated.
namespace sv::core {

/// More backups than this are not kept: every rotation renames each of them.
inline constexpr int kMaxBackups = 1000;

struct RotationLimits {
  std::uint64_t max_bytes = 0;  ///< 0: never rotate
  int backups = 0;              ///< <= 0: the file is emptied instead of kept

  friend bool operator==(const RotationLimits&, const RotationLimits&) = default;
};

/// Whether the file is rotated after `incoming_bytes` were appended to its `size_bytes`. A chunk is
/// never split: the one that reaches the limit stays in the old file, which may so exceed it.
[[nodiscard]] bool rotates_after_write(const RotationLimits& limits, std::uint64_t size_bytes,
                                       std::uint64_t incoming_bytes);

/// One step of a rotation. A file that is not there is not an error for either kind.
struct RotationStep {
  enum class Kind { remove, rename };

  Kind kind = Kind::remove;
  std::string from;
  std::string to;  ///< only for rename; replaces what is there

  friend bool operator==(const RotationStep&, const RotationStep&) = default;
};

/// The steps that free `path`, to be done in order: the oldest backup goes, each other one moves
/// up, the file becomes ".1". Without backups there are none. Afterwards the file is opened anew
/// and truncated in either case.
[[nodiscard]] std::vector<RotationStep> rotation_plan(std::string_view path, int backups);

}  // namespace sv::core
