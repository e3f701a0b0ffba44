#include "core/log_rotation.h"

#include <algorithm>

#include "base/text.h"

namespace sv::core {
namespace {

std::string backup_name(std::string_view path, int number) {
  return cat({path, ".", std::to_string(number)});
}

}  // namespace

bool rotates_after_write(const RotationLimits& limits, std::uint64_t size_bytes,
                         std::uint64_t incoming_bytes) {
  if (limits.max_bytes == 0) {
    return false;
  }
  // Written so that no sum can overflow.
  return size_bytes >= limits.max_bytes || incoming_bytes >= limits.max_bytes - size_bytes;
}

std::vector<RotationStep> rotation_plan(std::string_view path, int backups) {
  using Kind = RotationStep::Kind;
  std::vector<RotationStep> plan;
  const int oldest = std::min(backups, kMaxBackups);
  if (oldest <= 0) {
    return plan;
  }
  plan.push_back({Kind::remove, backup_name(path, oldest), {}});
  for (int number = oldest - 1; number >= 1; --number) {
    plan.push_back({Kind::rename, backup_name(path, number), backup_name(path, number + 1)});
  }
  plan.push_back({Kind::rename, std::string(path), backup_name(path, 1)});
  return plan;
}

}  // namespace sv::core
