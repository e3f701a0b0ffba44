// What clients mean by a name: groups are shown by family.

#include "core/supervisor.h"

namespace sv::core {

std::vector<const Group*> Supervisor::find_groups(std::string_view name) const {
  std::vector<const Group*> found;
  for (const auto& group : groups()) {
    if (group->name() == name || group->config().shown() == name) {
      found.push_back(group.get());
    }
  }
  return found;
}

const Process* Supervisor::find(std::string_view group, std::string_view process) const {
  for (const auto& candidate : groups()) {
    if (candidate->config().shown() != group) {
      continue;
    }
    for (const auto& member : candidate->processes()) {
      if (member->config->name == process) {
        return member.get();
      }
    }
  }
  return nullptr;
}

}  // namespace sv::core
