#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace sv {

/// What a caller can act on. The text for people is in Error::message.
enum class ErrorCode {
  invalid_argument,   ///< a value is not of the expected form
  not_found,          ///< a name, file or user does not exist
  permission_denied,  ///< the system refused access
  already_exists,     ///< something is there that must not be replaced
  limit_exceeded,     ///< input is larger than a documented limit
  unavailable,        ///< a resource is exhausted for now; trying again may succeed
  io,                 ///< any other failure reported by the system
};

/// An error as a value. Messages are lower case, start with "cannot" unless the reference product
/// has a wording scripts may match, quote user data and end with the system's reason.
struct Error {
  ErrorCode code = ErrorCode::io;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value or an Error. tl::expected has std::expected's interface; moving later is this alias.
template <class T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

/// An Error for a failed system call: "<what>: <reason>", with the code derived from `err`.
/// Capture errno in the first line after the call; `err` is that value.
[[nodiscard]] tl::unexpected<Error> fail_errno(int err, std::string_view what);

/// The system's text for an errno value ("No such file or directory"). No locale.
[[nodiscard]] std::string errno_text(int err);

/// The symbolic name of an errno value ("ENOENT"); "errno 4095" for one that has no name.
[[nodiscard]] std::string errno_name(int err);

}  // namespace sv
