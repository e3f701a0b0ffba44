#pragma once

#include <string_view>
#include <vector>

#include "wire/http_message.h"

namespace sv::web {

/// Of answers that tell the state of this machine: not to be cached, guessed at, framed, or sent
/// along as a referrer to other sites.
[[nodiscard]] std::vector<wire::HttpHeader> private_headers(std::string_view content_type);

}  // namespace sv::web
