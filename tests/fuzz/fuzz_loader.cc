// Input: a configuration file. Properties: loading is deterministic; what is valid obeys the
// model's promises and does not differ from itself; what is not valid says why.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "config/diff.h"
#include "config/loader.h"

namespace {

using namespace sv::config;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

LoadContext make_context() {
  LoadContext context;
  context.environment = {{"HOME", "/root"}, {"X", "1"}, {"P", "50%"}};
  context.current_directory = "/";
  context.host_node_name = "node";
  context.temp_directory = "/tmp";
  context.find_user = [](const std::string& name) -> std::optional<UserIds> {
    return name == "root" || name == "0" ? std::optional(UserIds{}) : std::nullopt;
  };
  return context;
}

void check_groups(const Config& config) {
  std::set<std::string> names;
  const GroupConfig* before = nullptr;
  std::vector<const GroupConfig*> active;
  for (const GroupConfig& group : config.groups) {
    require(names.insert(group.name).second);
    require(before == nullptr ||
            std::tie(before->priority, before->name) <= std::tie(group.priority, group.name));
    std::set<std::string> processes;
    for (const ProcessConfig& process : group.processes) {
      require(processes.insert(process.name).second);
    }
    before = &group;
    active.push_back(&group);
  }
  require(diff_groups(active, config.groups) == GroupChanges{});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find("include") != std::string_view::npos) {
    return 0;  // patterns may walk the whole file system, as they are told to
  }
  static const LoadContext kContext = make_context();
  static const int kFile = ::memfd_create("s.conf", 0);
  static const std::string kPath = "/proc/self/fd/" + std::to_string(kFile);
  require(::ftruncate(kFile, 0) == 0);
  require(::pwrite(kFile, data, size, 0) == static_cast<ssize_t>(size));

  const auto first = load(kPath, kContext);
  require(first == load(kPath, kContext));
  if (first) {
    check_groups(*first);
  } else {
    require(!first.error().empty() && first.error().size() <= 500);
    require(!first.error().front().message.empty());
  }
  const auto ctl = load_ctl(kPath, kContext);
  require(ctl.has_value() || !ctl.error().empty());
  return 0;
}
