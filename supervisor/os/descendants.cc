#include "os/descendants.h"

#include <cstddef>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "os/proc_file.h"

namespace sv::os {
namespace {

/// Positions behind the name, counted from the state (field 3 of proc(5)).
enum Field : std::size_t { kParent = 1, kGroup = 2, kSession = 3, kStartTime = 19 };

}  // namespace

std::optional<ProcessEntry> parse_process_entry(std::string_view text) {
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) {
    return std::nullopt;
  }
  const std::vector<std::string_view> fields = split_words(text.substr(close + 2));
  if (fields.size() <= kStartTime) {
    return std::nullopt;
  }
  const auto pid = proc_number<pid_t>(text.substr(0, open));
  const auto parent = proc_number<pid_t>(fields[kParent]);
  const auto group = proc_number<pid_t>(fields[kGroup]);
  const auto session = proc_number<pid_t>(fields[kSession]);
  const auto start_ticks = proc_number<std::uint64_t>(fields[kStartTime]);
  if (!pid || !parent || !group || !session || !start_ticks) {
    return std::nullopt;
  }
  const std::string_view name = text.substr(open + 2, close - open - 2);
  return ProcessEntry{*pid, *parent, *group, *session, std::string(name), *start_ticks};
}

std::vector<ProcessEntry> all_processes(const std::string& proc) {
  std::vector<ProcessEntry> found;
  for_each_process_stat(proc, [&found](std::string_view line) {
    if (std::optional<ProcessEntry> entry = parse_process_entry(line)) {
      found.push_back(std::move(*entry));
    }
  });
  return found;
}

std::vector<ProcessEntry> descendants_of(pid_t root, const std::vector<ProcessEntry>& all) {
  std::unordered_multimap<pid_t, const ProcessEntry*> by_parent;
  for (const ProcessEntry& entry : all) {
    if (entry.pid != root) {  // also breaks a loop: entries are not of one moment
      by_parent.emplace(entry.parent, &entry);
    }
  }
  std::vector<ProcessEntry> found;
  const auto take_children_of = [&](pid_t parent) {
    const auto [first, last] = by_parent.equal_range(parent);
    for (auto child = first; child != last; ++child) {
      found.push_back(*child->second);
    }
    by_parent.erase(first, last);  // nobody is found twice
  };
  take_children_of(root);
  for (std::size_t i = 0; i < found.size(); ++i) {
    take_children_of(found[i].pid);
  }
  return found;
}

}  // namespace sv::os
