#include "os/process_usage.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "os/proc_file.h"

namespace sv::os {
namespace {

/// Positions behind the name, counted from the state (field 3 of proc(5)).
enum Field : std::size_t { kParent = 1, kGroup = 2, kUserTime = 11, kSystemTime = 12, kRss = 21 };

/// Whole seconds and the rest apart: ticks times nanoseconds would overflow after years of CPU.
Duration from_ticks(std::uint64_t ticks, long ticks_per_second) {
  const auto rate = static_cast<std::uint64_t>(std::max(ticks_per_second, 1L));
  return std::chrono::seconds(ticks / rate) +
         std::chrono::nanoseconds(ticks % rate * 1'000'000'000ULL / rate);
}

void add(ResourceUsage& sum, const ResourceUsage& part) {
  sum.cpu += part.cpu;
  sum.memory_bytes += part.memory_bytes;
  sum.processes += part.processes;
}

/// The samples of one moment as a forest.
class Forest {
 public:
  Forest(std::span<const ProcessSample> samples, std::span<const pid_t> roots) {
    for (const ProcessSample& sample : samples) {
      by_pid_.emplace(sample.pid, &sample);
    }
    for (std::size_t i = 0; i < roots.size(); ++i) {
      if (roots[i] > 0) {  // 0 is the parent of process 1 and of what lies outside
        root_index_.emplace(roots[i], i);
      }
    }
  }

  /// Index of the root a process belongs to. A chain of parents that leads to none ends at process
  /// 1 or outside; it is followed no further than a chain can be long.
  [[nodiscard]] std::optional<std::size_t> root_of(const ProcessSample& sample) const {
    const ProcessSample* at = &sample;
    for (std::size_t steps = 0; at != nullptr && steps < by_pid_.size(); ++steps) {
      if (const auto root = index_of(at->pid)) {
        return root;
      }
      const auto parent = by_pid_.find(at->parent);
      at = parent != by_pid_.end() ? parent->second : nullptr;
    }
    return index_of(sample.group);
  }

 private:
  [[nodiscard]] std::optional<std::size_t> index_of(pid_t pid) const {
    const auto found = root_index_.find(pid);
    return found != root_index_.end() ? std::optional(found->second) : std::nullopt;
  }

  std::unordered_map<pid_t, const ProcessSample*> by_pid_;
  std::unordered_map<pid_t, std::size_t> root_index_;
};

std::vector<ProcessSample> all_samples() {
  std::vector<ProcessSample> samples;
  const KernelUnits units{::sysconf(_SC_CLK_TCK), ::sysconf(_SC_PAGESIZE)};
  for_each_process_stat("/proc", [&](std::string_view line) {
    if (const auto sample = parse_stat(line, units)) {
      samples.push_back(*sample);
    }
  });
  return samples;
}

}  // namespace

std::optional<ProcessSample> parse_stat(std::string_view text, const KernelUnits& units) {
  const std::size_t open = text.find(" (");
  const std::size_t close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  const std::vector<std::string_view> fields = split_words(text.substr(close + 2));
  if (fields.size() <= kRss) {
    return std::nullopt;
  }
  const auto pid = proc_number<pid_t>(text.substr(0, open));
  const auto parent = proc_number<pid_t>(fields[kParent]);
  const auto group = proc_number<pid_t>(fields[kGroup]);
  const auto user = proc_number<std::uint64_t>(fields[kUserTime]);
  const auto system = proc_number<std::uint64_t>(fields[kSystemTime]);
  const auto pages = proc_number<std::int64_t>(fields[kRss]);
  if (!pid || !parent || !group || !user || !system || !pages) {
    return std::nullopt;
  }
  ProcessSample sample{*pid, *parent, *group, {}};
  sample.usage.cpu =
      from_ticks(*user, units.ticks_per_second) + from_ticks(*system, units.ticks_per_second);
  sample.usage.memory_bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(*pages, 0)) *
                              static_cast<std::uint64_t>(std::max(units.page_bytes, 0L));
  sample.usage.processes = 1;
  return sample;
}

std::vector<std::optional<ResourceUsage>> sum_by_root(std::span<const ProcessSample> samples,
                                                      std::span<const pid_t> roots) {
  const Forest forest(samples, roots);
  std::vector<std::optional<ResourceUsage>> sums(roots.size());
  for (const ProcessSample& sample : samples) {
    if (const auto root = forest.root_of(sample)) {
      std::optional<ResourceUsage>& sum = sums[*root];
      add(sum ? *sum : sum.emplace(), sample.usage);
    }
  }
  return sums;
}

std::vector<std::optional<ResourceUsage>> usage_of(std::span<const pid_t> roots) {
  return sum_by_root(all_samples(), roots);
}

}  // namespace sv::os
