#pragma once

#include <optional>
#include <string>

#include "ctl/failure.h"

/// modctl's explanation of an unreachable daemon: which case it is and what to do. Looking and
/// wording are two functions, so that the wording is testable without a file system.
namespace sv::ctl {

/// What can be seen about an address that did not answer.
struct AddressFacts {
  enum class Kind {
    socket,        ///< the path is a socket
    not_a_socket,  ///< the path is something else
    missing,       ///< nothing is there, but its directory is
    no_directory,  ///< not even the directory
    hidden,        ///< the path may not be looked at
    inet,          ///< not a path but a host and port
    unusable,      ///< the URL itself is not understood
  };

  Kind kind = Kind::unusable;
  std::string server_url;
  std::string path;  ///< unix only
  int connect_error = 0;

  friend bool operator==(const AddressFacts&, const AddressFacts&) = default;
};

/// Looks at the address of a server URL after connecting failed with `connect_error` (errno).
[[nodiscard]] AddressFacts inspect_address(const std::string& server_url, int connect_error);

/// One or two lines without a final line feed; empty when there is nothing helpful to say.
/// `config_file`: the file the address may have come from.
[[nodiscard]] std::string unreachable_hint(const AddressFacts& facts,
                                           const std::optional<std::string>& config_file);

/// What there is to say about any failure: an unreachable daemon as above, missing credentials;
/// empty for failures that explain themselves.
[[nodiscard]] std::string hint_for(const Failure& failure, const std::string& server_url,
                                   const std::optional<std::string>& config_file);

}  // namespace sv::ctl
