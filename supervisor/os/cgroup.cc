#include "os/cgroup.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"
#include "os/proc_file.h"

namespace sv::os {
namespace {

/// A line of mountinfo: "36 35 0:31 ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE SUPER-OPTIONS".
struct Mount {
  std::string_view root;
  std::string_view point;
  std::string_view options;
  std::string_view type;
  std::string_view super_options;
};

std::optional<Mount> read_mount(std::string_view line) {
  const std::vector<std::string_view> words = split_words(line);
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (dash - words.begin() < 6 || words.end() - dash < 4) {
    return std::nullopt;
  }
  return Mount{words[3], words[4], words[5], dash[1], dash[3]};
}

bool has_option(std::string_view options, std::string_view wanted) {
  const auto all = split(options, ',');
  return std::ranges::find(all, wanted) != all.end();
}

/// mountinfo writes blanks and backslashes as three octal digits.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const char* digits = text.data() + i + 1;
    if (text[i] == '\\' && text.size() - i >= 4 &&
        std::from_chars(digits, digits + 3, code, 8).ptr == digits + 3) {
      out += static_cast<char>(code);
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Where `group` lies below a mount that shows `root` of the hierarchy at `point`; nullopt:
/// outside.
std::optional<std::string> below(const Mount& mount, std::string_view group) {
  const std::string root = unescape(mount.root);
  std::string_view rest = group;
  if (root != "/") {
    if (!rest.starts_with(root) || (rest.size() > root.size() && rest[root.size()] != '/')) {
      return std::nullopt;
    }
    rest.remove_prefix(root.size());
  }
  if (rest.starts_with("/..")) {
    return std::nullopt;
  }
  return unescape(mount.point) + std::string(rest == "/" ? "" : rest);
}

/// Our group in the hierarchy of `controller`, or in version 2's if that is empty.
std::optional<CgroupPlace> find_place(const std::vector<Mount>& mounts, std::string_view controller,
                                      std::string_view group) {
  const bool is_v2 = controller.empty();
  const Mount* found = nullptr;
  std::optional<std::string> directory;
  for (const Mount& mount : mounts) {
    if (is_v2 ? mount.type != "cgroup2"
              : mount.type != "cgroup" || !has_option(mount.super_options, controller)) {
      continue;
    }
    std::optional<std::string> shown = below(mount, group);
    if (shown || !directory) {
      found = &mount;
      directory = std::move(shown);
    }
  }
  if (found == nullptr) {
    return std::nullopt;
  }
  std::string point = unescape(found->point);
  return CgroupPlace{directory.value_or(point), is_v2,
                     has_option(found->options, "ro") || has_option(found->super_options, "ro"),
                     std::move(point)};
}

std::optional<std::string> first_line(const std::string& path) {
  auto text = read_proc_file(path, 256);
  if (!text) {
    return std::nullopt;
  }
  return text->substr(0, text->find('\n'));
}

/// "max" and version 1's largest number, rounded to pages, mean no limit.
std::optional<std::uint64_t> limit_in(const std::string& path) {
  constexpr std::uint64_t kUnlimited = 0x7fff'ffff'f000'0000;
  const std::optional<std::string> text = first_line(path);
  const auto value = text ? proc_number<std::uint64_t>(*text) : std::nullopt;
  return value && *value < kUnlimited ? value : std::nullopt;
}

std::optional<double> share(std::optional<std::uint64_t> quota,
                            std::optional<std::uint64_t> period) {
  return quota && period && *period > 0
             ? std::optional(static_cast<double>(*quota) / static_cast<double>(*period))
             : std::nullopt;
}

}  // namespace

Cgroups find_cgroups(std::string_view cgroup_text, std::string_view mountinfo_text) {
  std::vector<Mount> mounts;
  for (const std::string_view line : split(mountinfo_text, '\n')) {
    if (const auto mount = read_mount(line); mount && mount->type.starts_with("cgroup")) {
      mounts.push_back(*mount);
    }
  }
  struct Slot {
    std::string_view controller;
    std::optional<CgroupPlace>* place;
    bool is_v1 = false;  ///< the kernel has it there, mounted or not
  };
  Cgroups groups;
  std::array<Slot, 3> slots{
      {{"memory", &groups.memory}, {"pids", &groups.pids}, {"cpu", &groups.cpu}}};
  bool has_v1 = false;
  for (const std::string_view line : split(cgroup_text, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
      continue;
    }
    const std::string_view group = line.substr(second + 1);
    for (const std::string_view controller :
         split(line.substr(first + 1, second - first - 1), ',')) {
      const std::optional<CgroupPlace> place = find_place(mounts, controller, group);
      if (controller.empty()) {
        groups.unified = place;
        continue;
      }
      has_v1 = has_v1 || place;
      const auto slot = std::ranges::find(slots, controller, &Slot::controller);
      if (slot != slots.end()) {
        *slot->place = place;
        slot->is_v1 = true;
      }
    }
  }
  for (const Slot& slot : slots) {
    if (!slot.is_v1) {
      *slot.place = groups.unified;
    }
  }
  groups.version = groups.unified ? (has_v1 ? CgroupVersion::hybrid : CgroupVersion::v2)
                                  : (has_v1 ? CgroupVersion::v1 : CgroupVersion::none);
  return groups;
}

Cgroups own_cgroups(const std::string& proc) {
  constexpr std::size_t kLongest = std::size_t{4} * 1024 * 1024;
  const auto groups = read_proc_file(proc + "/self/cgroup", kLongest);
  const auto mounts = read_proc_file(proc + "/self/mountinfo", kLongest);
  return groups && mounts ? find_cgroups(*groups, *mounts) : Cgroups{};
}

CgroupLimits cgroup_limits(const Cgroups& groups) {
  CgroupLimits limits;
  if (groups.memory) {
    limits.memory_bytes =
        limit_in(groups.memory->directory +
                 (groups.memory->is_v2 ? "/memory.max" : "/memory.limit_in_bytes"));
  }
  if (groups.pids) {
    limits.processes = limit_in(groups.pids->directory + "/pids.max");
  }
  if (groups.cpu && groups.cpu->is_v2) {
    const std::string text = first_line(groups.cpu->directory + "/cpu.max").value_or("");
    const std::vector<std::string_view> words = split_words(text);
    limits.cpus = words.size() == 2 ? share(proc_number<std::uint64_t>(words[0]),
                                            proc_number<std::uint64_t>(words[1]))
                                    : std::nullopt;
  } else if (groups.cpu) {
    limits.cpus = share(limit_in(groups.cpu->directory + "/cpu.cfs_quota_us"),
                        limit_in(groups.cpu->directory + "/cpu.cfs_period_us"));
  }
  return limits;
}

}  // namespace sv::os
