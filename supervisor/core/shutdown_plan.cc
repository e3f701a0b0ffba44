#include "core/shutdown_plan.h"

#include <algorithm>
#include <cstdint>

namespace sv::core {

const Group* next_to_stop(const GroupList& groups) {
  const auto found = std::find_if(groups.rbegin(), groups.rend(),
                                  [](const auto& group) { return !group->is_stopped(); });
  return found == groups.rend() ? nullptr : found->get();
}

std::vector<Process*> stop_order(const Group& group) {
  std::vector<Process*> order;
  order.reserve(group.processes().size());
  for (const auto& process : group.processes()) {
    order.push_back(process.get());
  }
  std::stable_sort(order.begin(), order.end(), [](const Process* a, const Process* b) {
    return a->config->priority < b->config->priority;
  });
  std::reverse(order.begin(), order.end());
  return order;
}

std::vector<const Process*> unstopped(const GroupList& groups) {
  std::vector<const Process*> found;
  for (const auto& group : groups) {
    for (const auto& process : group->processes()) {
      if (!counts_as_stopped(process->state())) {
        found.push_back(process.get());
      }
    }
  }
  return found;
}

Duration share_of_time(const GroupList& groups, Duration left) {
  const auto waiting =
      std::ranges::count_if(groups, [](const auto& group) { return !group->is_stopped(); });
  return std::max(left, Duration{}) / std::max<std::int64_t>(waiting, 1);
}

std::string waiting_line(const std::vector<const Process*>& processes) {
  std::string line = "waiting for ";
  const char* separator = "";
  for (const Process* process : processes) {
    line += separator;
    line += process->config->name;
    separator = ", ";
  }
  line += " to die";
  return line;
}

}  // namespace sv::core
