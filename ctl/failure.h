#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <variant>

#include "wire/xmlrpc_value.h"

/// Why a command could not do its work, as a value. The reference client has exceptions here and
/// prints their class and text (supervisor-protocol, 5.2); render.h turns a Failure into that line.
namespace sv::ctl {

/// Fault codes the commands tell apart (supervisor-protocol, 1.5).
namespace fault {
inline constexpr int kUnknownMethod = 1;
inline constexpr int kShutdownState = 6;
inline constexpr int kBadName = 10;
inline constexpr int kBadSignal = 11;
inline constexpr int kNoFile = 20;
inline constexpr int kNotExecutable = 21;
inline constexpr int kFailed = 30;
inline constexpr int kAbnormalTermination = 40;
inline constexpr int kSpawnError = 50;
inline constexpr int kAlreadyStarted = 60;
inline constexpr int kNotRunning = 70;
inline constexpr int kSuccess = 80;
inline constexpr int kAlreadyAdded = 90;
inline constexpr int kStillRunning = 91;
inline constexpr int kCantReread = 92;
}  // namespace fault

/// The system refused to connect, read or write; `err` is the errno value.
struct SystemFailure {
  int err = 0;

  friend bool operator==(const SystemFailure&, const SystemFailure&) = default;
};

/// The server answered with something other than 200.
struct HttpFailure {
  int status = 0;
  std::string reason;

  friend bool operator==(const HttpFailure&, const HttpFailure&) = default;
};

/// Everything else, named by the class of the exception the reference client would report.
struct OtherFailure {
  std::string kind;  ///< "ValueError", "http.client.RemoteDisconnected", ...
  std::string text;

  friend bool operator==(const OtherFailure&, const OtherFailure&) = default;
};

/// The user pressed Ctrl-C while the client waited.
struct Interrupted {
  friend bool operator==(const Interrupted&, const Interrupted&) = default;
};

using Failure =
    std::variant<wire::XmlRpcFault, SystemFailure, HttpFailure, OtherFailure, Interrupted>;

template <class T>
using Outcome = tl::expected<T, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> failed(Failure failure) {
  return tl::unexpected<Failure>(std::move(failure));
}

/// The code of a fault; 0 for any other failure.
[[nodiscard]] inline int fault_code(const Failure& failure) {
  const auto* fault = std::get_if<wire::XmlRpcFault>(&failure);
  return fault != nullptr ? fault->code : 0;
}

/// The errno value of a failed system call; 0 for any other failure.
[[nodiscard]] inline int system_error(const Failure& failure) {
  const auto* system = std::get_if<SystemFailure>(&failure);
  return system != nullptr ? system->err : 0;
}

}  // namespace sv::ctl
