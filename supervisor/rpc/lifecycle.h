#pragma once

#include <string_view>

#include "rpc/arguments.h"
#include "rpc/pending.h"
#include "rpc/services.h"

/// Starting, stopping and signalling (supervisor-protocol, 1.9.3 to 1.9.5). The methods for one
/// process also take a whole group ("group:*") and then answer like those for groups.
namespace sv::rpc {

[[nodiscard]] Outcome start_process(Services& services, std::string_view name, Wait wait);
[[nodiscard]] Outcome start_process_group(Services& services, std::string_view name, Wait wait);
[[nodiscard]] Outcome start_all_processes(Services& services, Wait wait);

[[nodiscard]] Outcome stop_process(Services& services, std::string_view name, Wait wait);
[[nodiscard]] Outcome stop_process_group(Services& services, std::string_view name, Wait wait);
[[nodiscard]] Outcome stop_all_processes(Services& services, Wait wait);

/// `signal` is a number or a name.
[[nodiscard]] Outcome signal_process(Services& services, std::string_view name,
                                     const wire::XmlRpcValue& signal);
[[nodiscard]] Outcome signal_process_group(Services& services, std::string_view name,
                                           const wire::XmlRpcValue& signal);
[[nodiscard]] Outcome signal_all_processes(Services& services, const wire::XmlRpcValue& signal);

}  // namespace sv::rpc
