#include "core/shutdown_plan.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace sv::core {
namespace {

/// Groups with the same one are stopped in one turn.
using Turn = std::pair<std::string_view, int>;

Turn turn_of(const Group& group) {
  return {group.config().shown(), group.config().priority};
}

}  // namespace

const Group* next_to_stop(const GroupList& groups) {
  const auto found = std::find_if(groups.rbegin(), groups.rend(),
                                  [](const auto& group) { return !group->is_stopped(); });
  return found == groups.rend() ? nullptr : found->get();
}

std::vector<const Group*> stopped_together(const GroupList& groups, const Group& group) {
  std::vector<const Group*> together;
  for (auto at = groups.rbegin(); at != groups.rend(); ++at) {
    if (turn_of(**at) == turn_of(group)) {
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
  std::set<Turn> turns;
  for (const auto& group : groups) {
    if (!group->is_stopped()) {
      turns.insert(turn_of(*group));
    }
  }
  return std::max(left, Duration{}) / std::max<std::int64_t>(std::ssize(turns), 1);
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
