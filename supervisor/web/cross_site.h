#pragma once

#include "wire/http_message.h"

namespace sv::web {

/// Whether a browser made this request on behalf of another site: a page elsewhere must not be able
/// to stop programs with the credentials the browser remembers. Programs that are no browsers send
/// neither Sec-Fetch-Site nor Origin and are never refused.
[[nodiscard]] bool is_cross_site(const wire::HttpRequest& request);

}  // namespace sv::web
