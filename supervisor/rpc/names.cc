#include "rpc/names.h"

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
  return make_namespec(process.group->name, process.config->name);
}

OrFault<Target> find_target(const core::Supervisor& supervisor, std::string_view name) {
  const NameSpec spec = split_namespec(name);
  const core::Group* group = supervisor.find_group(spec.group);
  if (group == nullptr) {
    return refuse(FaultCode::bad_name, name);
  }
  if (!spec.process) {
    return Target{group, nullptr};
  }
  const core::Process* process = supervisor.find(spec.group, *spec.process);
  if (process == nullptr) {
    return refuse(FaultCode::bad_name, name);
  }
  return Target{group, process};
}

OrFault<const core::Process*> find_process(const core::Supervisor& supervisor,
                                           std::string_view name) {
  const OrFault<Target> target = find_target(supervisor, name);
  if (!target || target->process == nullptr) {
    return refuse(FaultCode::bad_name, name);
  }
  return target->process;
}

OrFault<const core::Group*> find_group(const core::Supervisor& supervisor, std::string_view name) {
  const core::Group* group = supervisor.find_group(name);
  if (group == nullptr) {
    return refuse(FaultCode::bad_name, name);
  }
  return group;
}

}  // namespace sv::rpc
