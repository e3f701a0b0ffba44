#include "web/headers.h"

#include <string>

namespace sv::web {

std::vector<wire::HttpHeader> private_headers(std::string_view content_type) {
  return {{"Content-Type", std::string(content_type)},
          {"Cache-Control", "no-store"},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          {"Referrer-Policy", "same-origin"}};
}

}  // namespace sv::web
