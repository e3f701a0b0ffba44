#pragma once

#include <string_view>

#include "wire/http_message.h"

namespace sv::web {

/// Whether a browser made this request on behalf of another site: a page elsewhere must not be able
/// to stop programs with the credentials the browser remembers. Programs that are no browsers send
/// neither Sec-Fetch-Site nor Origin and are never refused.
[[nodiscard]] bool is_cross_site(const wire::HttpRequest& request);

/// Whether a Host header ("name", "name:port", "[::1]:port", empty) can only mean this host to a
/// browser: an address, or a name that is never looked up (localhost, x.localhost). Whoever owns
/// another name decides where it points.
[[nodiscard]] bool is_local_name(std::string_view host);

}  // namespace sv::web
