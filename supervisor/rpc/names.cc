#include "rpc/names.h"

#include <utility>

#include "base/text.h"

namespace sv::rpc {

NameSpec split_namespec(std::string_view name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) {
    return {name, name};
  }
  const std::string_view process = name.substr(colon + 1);
  if (process.empty() || process == "*") {
    return {name.substr(0, colon), std::nullopt};
  }
  return {name.substr(0, colon), process};
}

std::string make_namespec(std::string_view group, std::string_view process) {
  return group == process ? std::string(process) : cat({group, ":", process});
}

std::string namespec_of(const core::Process& process) {
  return make_namespec(process.group->shown(), process.config->name);
}

OrFault<Target> find_target(const core::Supervisor& supervisor, std::string_view name) {
  const NameSpec spec = split_namespec(name);
  if (spec.process) {
    const core::Process* process = supervisor.find(spec.group, *spec.process);
    return process != nullptr ? OrFault<Target>(Target{{}, process})
                              : refuse(FaultCode::bad_name, name);
  }
  std::vector<const core::Group*> groups = supervisor.find_groups(spec.group);
  return groups.empty() ? refuse(FaultCode::bad_name, name)
                        : OrFault<Target>(Target{std::move(groups), nullptr});
}

OrFault<const core::Process*> find_process(const core::Supervisor& supervisor,
                                           std::string_view name) {
  const OrFault<Target> target = find_target(supervisor, name);
  if (!target || target->process == nullptr) {
    return refuse(FaultCode::bad_name, name);
  }
  return target->process;
}

OrFault<std::vector<const core::Group*>> find_groups(const core::Supervisor& supervisor,
                                                     std::string_view name) {
  std::vector<const core::Group*> groups = supervisor.find_groups(name);
  if (groups.empty()) {
    return refuse(FaultCode::bad_name, name);
  }
  return groups;
}

}  // namespace sv::rpc
