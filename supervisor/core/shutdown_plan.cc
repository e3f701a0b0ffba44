#include "core/shutdown_plan.h"

#include <algorithm>
#include <cstdint>
#include <set>

namespace sv::core {
namespace {

bool is_service(const Group& group) {
  return !group.processes().empty() && group.processes().front()->config->service.has_value();
}

}  // namespace

const Group* next_to_stop(const GroupList& groups) {
  const auto found = std::find_if(groups.rbegin(), groups.rend(),
                                  [](const auto& group) { return !group->is_stopped(); });
  return found == groups.rend() ? nullptr : found->get();
}

std::vector<const Group*> stopped_together(const GroupList& groups, const Group& group) {
  if (!is_service(group)) {
    return {&group};
  }
  std::vector<const Group*> together;
  for (auto at = groups.rbegin(); at != groups.rend(); ++at) {
    if (is_service(**at) && (*at)->config().priority == group.config().priority) {
      together.push_back(at->get());
    }
  }
  return together;
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
  std::int64_t turns = 0;
  std::set<int> service_turns;
  for (const auto& group : groups) {
    if (!group->is_stopped()) {
      const bool shares_a_turn =
          is_service(*group) && !service_turns.insert(group->config().priority).second;
      turns += shares_a_turn ? 0 : 1;
    }
  }
  return std::max(left, Duration{}) / std::max<std::int64_t>(turns, 1);
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
