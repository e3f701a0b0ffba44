#include "shell/process_trees.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/signals.h"
#include "base/text.h"
#include "os/proc_file.h"

namespace sv::shell {
namespace {

/// Of an environment; the marks are among what the daemon itself put in, which comes first.
constexpr std::size_t kMostEnvironment = std::size_t{256} * 1024;

/// How many names a message has.
constexpr std::size_t kMostNamed = 10;

std::string file_of(pid_t pid, std::string_view name) {
  return cat({"/proc/", std::to_string(pid), "/", name});
}

/// Whether it was started with these marks. Not for one whose environment we may not read.
bool is_marked(pid_t pid, std::string_view process, std::string_view group) {
  const auto text = os::read_proc_file(file_of(pid, "environ"), kMostEnvironment);
  if (!text) {
    return false;
  }
  const std::string variables = cat({std::string_view("\0", 1), *text});
  const auto has = [&variables](std::string_view name, std::string_view value) {
    return variables.find(cat({std::string_view("\0", 1), name, "=", value,
                               std::string_view("\0", 1)})) != std::string::npos;
  };
  return has("SUPERVISOR_PROCESS_NAME", process) && has("SUPERVISOR_GROUP_NAME", group);
}

/// As it is now; nullopt: it is gone, or another one has its pid.
std::optional<os::ProcessEntry> again(const os::ProcessEntry& before) {
  constexpr std::size_t kMostStat = 4096;
  const auto text = os::read_proc_file(file_of(before.pid, "stat"), kMostStat);
  auto now = text ? os::parse_process_entry(*text) : std::nullopt;
  return now && now->start_ticks == before.start_ticks ? now : std::nullopt;
}

}  // namespace

const std::vector<os::ProcessEntry>& ProcessTrees::look_around() {
  const std::uint64_t turn = parts_.turn();
  if (seen_in_ != turn) {
    seen_ = os::all_processes();
    seen_in_ = turn;
  }
  return seen_;
}

void ProcessTrees::add_members(Tree& tree, const core::Process& process) {
  const std::vector<os::ProcessEntry>& all = look_around();
  std::vector<pid_t> roots{tree.leader};
  for (const os::ProcessEntry& member : tree.members) {
    roots.push_back(member.pid);
  }
  const pid_t us = ::getpid();
  for (const os::ProcessEntry& entry : all) {
    const bool is_orphan = entry.parent == us && !parts_.is_known(entry.pid);
    if (is_orphan && is_marked(entry.pid, process.config->name, process.group->shown())) {
      roots.push_back(entry.pid);
      tree.members.push_back(entry);
    }
  }
  for (const pid_t root : roots) {
    for (os::ProcessEntry& entry : os::descendants_of(root, all)) {
      tree.members.push_back(std::move(entry));
    }
  }
  std::ranges::sort(tree.members, {}, &os::ProcessEntry::pid);
  const auto same = std::ranges::unique(tree.members, {}, &os::ProcessEntry::pid);
  tree.members.erase(same.begin(), same.end());
}

void ProcessTrees::keep_the_living(Tree& tree) {
  std::vector<os::ProcessEntry> living;
  for (const os::ProcessEntry& member : tree.members) {
    if (std::optional<os::ProcessEntry> now = again(member)) {
      living.push_back(std::move(*now));
    }
  }
  tree.members = std::move(living);
}

/// Who came into the group after it got the signal is somebody's way of ending: left in peace.
bool ProcessTrees::is_told(const Tree& tree, const os::ProcessEntry& member) {
  return (tree.to_group && member.group == tree.leader) || tree.told.contains(member.pid);
}

void ProcessTrees::tell(Tree& tree, const os::ProcessEntry& member) {
  if (tree.signal != 0 && !is_told(tree, member)) {
    tree.told.insert(member.pid);
    ::kill(member.pid, tree.signal);
  }
}

void ProcessTrees::stopping(const core::Process& process, pid_t leader, int signal, bool to_group) {
  Tree& tree = trees_[process.id];
  if (tree.leader == 0) {
    tree.leader = leader;
  }
  if (std::exchange(tree.signal, signal) != signal) {
    tree.told.clear();
  }
  tree.to_group = to_group;
  add_members(tree, process);
  if (!to_group) {
    return;  // the leader alone is asked; who is left behind it is told then
  }
  for (const os::ProcessEntry& member : tree.members) {
    tell(tree, member);
  }
}

std::optional<pid_t> ProcessTrees::next(const core::Process& process, WaitStatus ended) {
  const auto at = trees_.find(process.id);
  if (at == trees_.end()) {
    return std::nullopt;  // it was not being stopped
  }
  Tree& tree = at->second;
  const bool first = !tree.status.has_value();
  if (first) {
    tree.status = ended;
  }
  add_members(tree, process);
  keep_the_living(tree);
  if (tree.members.empty()) {
    return std::nullopt;
  }
  const auto ours = std::ranges::find(tree.members, ::getpid(), &os::ProcessEntry::parent);
  if (ours == tree.members.end()) {
    signal_rest(process, SIGKILL);
    return std::nullopt;
  }
  if (first) {
    std::vector<os::ProcessEntry> new_to_it = tree.members;
    std::erase_if(new_to_it, [&tree](const auto& member) { return is_told(tree, member); });
    name(process, new_to_it, cat({"they get ", signal_name(tree.signal), " as well"}));
  }
  for (const os::ProcessEntry& member : tree.members) {
    tell(tree, member);
  }
  return ours->pid;
}

bool ProcessTrees::is_waiting(core::ProcessId id) const {
  const auto at = trees_.find(id);
  return at != trees_.end() && at->second.status.has_value();
}

WaitStatus ProcessTrees::take_status(core::ProcessId id, WaitStatus otherwise) {
  const auto at = trees_.find(id);
  if (at == trees_.end()) {
    return otherwise;
  }
  const WaitStatus status = at->second.status.value_or(otherwise);
  trees_.erase(at);
  return status;
}

void ProcessTrees::signal_rest(const core::Process& process, int signal) {
  const auto at = trees_.find(process.id);
  if (at == trees_.end()) {
    return;
  }
  Tree& tree = at->second;
  tree.signal = signal;
  tree.to_group = false;
  tree.told.clear();
  add_members(tree, process);
  keep_the_living(tree);
  if (signal == SIGKILL) {
    name(process, tree.members, "they are killed");
  }
  for (const os::ProcessEntry& member : tree.members) {
    tell(tree, member);
  }
}

void ProcessTrees::name(const core::Process& process, const std::vector<os::ProcessEntry>& members,
                        std::string_view fate) {
  if (members.empty()) {
    return;
  }
  std::string names;
  for (std::size_t i = 0; i < std::min(members.size(), kMostNamed); ++i) {
    names += cat({i > 0 ? ", " : "", python_repr(members[i].name), " (pid ",
                  std::to_string(members[i].pid), ")"});
  }
  if (members.size() > kMostNamed) {
    names += cat({" and ", std::to_string(members.size() - kMostNamed), " more"});
  }
  parts_.log.warn(cat({process.config->name, " left behind ", names, "; ", fate}));
}

}  // namespace sv::shell
