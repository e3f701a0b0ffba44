#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render.h"
#include "ctl/session.h"

/// Making the daemon act on processes: what start, stop, restart, signal and clear have in common.
namespace sv::ctl {

/// A verb's methods for one process, one group and everything, and what they are given besides.
struct Action {
  Verb verb;
  std::string_view process_method;
  std::string_view group_method;  ///< empty: "group:*" is a name like any other, and refused
  std::string_view all_method;
  int unknown_group_status;
  std::string_view signal = {};
  /// The daemon answers when it has begun instead of when it is done.
  bool at_once = false;

  [[nodiscard]] wire::XmlRpcArray params(std::string_view name = {}) const;
};

inline constexpr Action kStart{Verb::start, "supervisor.startProcess",
                               "supervisor.startProcessGroup", "supervisor.startAllProcesses",
                               exit_status::kInvalidArguments};
inline constexpr Action kStop{Verb::stop, "supervisor.stopProcess", "supervisor.stopProcessGroup",
                              "supervisor.stopAllProcesses", exit_status::kGeneric};

/// Told of every process that was acted on, as the answers come.
using Report = std::function<Outcome<void>(const ProcessResult&)>;

/// Acts on names as typed, one after the other, or on everything when one of them is "all". An
/// unknown group is told and the others are done all the same.
[[nodiscard]] Outcome<void> act(Session& session, const Action& action,
                                const std::vector<std::string>& names, const Report& report);

/// Says the result and sets the exit status; what the verb has no words for is a Failure.
[[nodiscard]] Outcome<void> say_result(Session& session, Verb verb, const ProcessResult& result);

}  // namespace sv::ctl
