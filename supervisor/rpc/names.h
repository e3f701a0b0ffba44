#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/supervisor.h"
#include "rpc/services.h"

/// How clients name processes and groups (supervisor-protocol, 1.6).
namespace sv::rpc {

/// A name taken apart. Refers to the text it was split from.
struct NameSpec {
  std::string_view group;
  std::optional<std::string_view> process;  ///< unset: the whole group

  friend bool operator==(const NameSpec&, const NameSpec&) = default;
};

/// "group:process", "name" (short for "name:name"), and "group:*" or "group:" for a whole group.
/// The first colon divides.
[[nodiscard]] NameSpec split_namespec(std::string_view name);

/// The short form when group and process have the same name.
[[nodiscard]] std::string make_namespec(std::string_view group, std::string_view process);
[[nodiscard]] std::string namespec_of(const core::Process& process);

/// What a name given to start, stop or signal stands for: one process, or whole groups (one, or
/// all of a family). Valid until a group is removed.
struct Target {
  std::vector<const core::Group*> groups;
  const core::Process* process = nullptr;  ///< nullptr: the groups
};

/// BAD_NAME with the name as given.
[[nodiscard]] OrFault<Target> find_target(const core::Supervisor& supervisor,
                                          std::string_view name);

/// A single process; BAD_NAME also for the group forms. Never nullptr.
[[nodiscard]] OrFault<const core::Process*> find_process(const core::Supervisor& supervisor,
                                                         std::string_view name);

/// A bare group name. Never empty.
[[nodiscard]] OrFault<std::vector<const core::Group*>> find_groups(
    const core::Supervisor& supervisor, std::string_view name);

}  // namespace sv::rpc
