#include "web/cross_site.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"

namespace sv::web {
namespace {

/// "host:port" of an origin; what is no web origin ("null") is nobody's host.
std::string_view authority(std::string_view origin) {
  constexpr std::string_view kSeparator = "://";
  const std::size_t at = origin.find(kSeparator);
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + kSeparator.size());
}

}  // namespace

bool is_cross_site(const wire::HttpRequest& request) {
  // The browser's own judgement, where it gives one. "none": typed or bookmarked by the user.
  if (const std::string* site = request.header("Sec-Fetch-Site")) {
    const std::string value = ascii_lower(trim(*site));
    return value != "same-origin" && value != "none";
  }
  const std::string* origin = request.header("Origin");
  if (origin == nullptr) {
    return false;
  }
  const std::string* host = request.header("Host");
  return host == nullptr || host->empty() ||
         ascii_lower(authority(trim(*origin))) != ascii_lower(trim(*host));
}

bool is_local_name(std::string_view host) {
  std::string name = ascii_lower(trim(host));
  if (name.starts_with('[')) {
    return true;  // an IPv6 address; no name begins so
  }
  name.erase(std::min(name.find(':'), name.size()));
  if (name.ends_with('.')) {
    name.pop_back();
  }
  // No top-level domain consists of digits: this is an IPv4 address, or nothing.
  const bool is_address = name.find_first_not_of("0123456789.") == std::string::npos;
  return is_address || name == "localhost" || name.ends_with(".localhost");
}

}  // namespace sv::web
