#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wire/xmlrpc_value.h"

namespace sv::rpc {

/// Fault codes of the supervisor interface (supervisor-protocol, 1.5).
enum class FaultCode {
  unknown_method = 1,
  incorrect_parameters = 2,
  bad_arguments = 3,
  signature_unsupported = 4,
  shutdown_state = 6,
  bad_name = 10,
  bad_signal = 11,
  no_file = 20,
  not_executable = 21,
  failed = 30,
  abnormal_termination = 40,
  spawn_error = 50,
  already_started = 60,
  not_running = 70,
  success = 80,
  already_added = 90,
  still_running = 91,
  cant_reread = 92,
};

/// "BAD_NAME".
[[nodiscard]] std::string_view fault_name(FaultCode code);

/// "NAME", or "NAME: detail"; an empty detail is still one.
[[nodiscard]] wire::XmlRpcFault make_fault(FaultCode code,
                                           std::optional<std::string_view> detail = std::nullopt);

}  // namespace sv::rpc
