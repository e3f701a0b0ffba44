#pragma once

#include <string>
#include <string_view>

#include "wire/base64.h"

namespace sv::wire {

/// Checks an Authorization header's value (nullptr: there is none) against configured credentials,
/// in constant time. `password` may be "{SHA}<lower-case hex SHA-1>". An empty user name means no
/// authentication is configured and everything passes (supervisor-protocol, 2.6). Other schemes,
/// undecodable text and a pair without colon are simply not authorized.
[[nodiscard]] bool is_authorized(const std::string* authorization, std::string_view username,
                                 std::string_view password);

/// "Basic dXNlcjpwYXNz".
[[nodiscard]] std::string basic_authorization(std::string_view username, std::string_view password);

}  // namespace sv::wire
