#include "web/gate.h"

#include <variant>

#include "base/text.h"
#include "web/api.h"
#include "web/cross_site.h"
#include "web/json.h"
#include "wire/basic_auth.h"

namespace sv::web {
namespace {

bool needs_local_name(const config::HttpServerConfig& config) {
  const auto* inet = std::get_if<config::InetAddress>(&config.address);
  return inet != nullptr && inet->is_loopback() && config.username.empty() &&
         !config.allow_unauthenticated;
}

wire::HttpResponse unauthorized(const wire::HttpRequest& request) {
  return Api::serves(request) ? Api::unauthorized() : wire::error_response(401);
}

wire::HttpResponse unknown_host(const wire::HttpRequest& request) {
  if (Api::serves(request)) {
    return json_error(403, "UNKNOWN_HOST",
                      "without a password this server answers to localhost only; see docs/api.md, "
                      "\"Browsers\"");
  }
  return wire::error_response(403);
}

}  // namespace

Gate::Gate(const config::HttpServerConfig& config)
    : full_{config.username, config.password},
      read_only_{config.readonly_username, config.readonly_password},
      local_names_only_(needs_local_name(config)) {}

tl::expected<Permission, wire::HttpResponse> Gate::admit(const wire::HttpRequest& request) const {
  const std::string* authorization = request.header("Authorization");
  const bool full = wire::is_authorized(authorization, full_.username, full_.password);
  const bool reads = !read_only_.username.empty() &&
                     wire::is_authorized(authorization, read_only_.username, read_only_.password);
  if (!full && !reads) {
    return tl::unexpected(unauthorized(request));
  }
  const std::string* host = request.header("Host");
  if (local_names_only_ && host != nullptr && !is_local_name(*host)) {
    return tl::unexpected(unknown_host(request));
  }
  if (!full) {
    return Permission::read_only;  // whatever page sent it cannot do any harm
  }
  return is_cross_site(request) ? Permission::foreign : Permission::full;
}

}  // namespace sv::web
