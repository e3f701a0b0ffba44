#include "web/api.h"

#include <exception>
#include <string>

#include "base/text.h"
#include "rpc/dispatch.h"
#include "web/json.h"
#include "web/routes.h"

namespace sv::web {
namespace {

std::string_view without_final_slash(std::string_view path) {
  return path.size() > 1 && path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

wire::HttpResponse refusal(Permission permission) {
  return permission == Permission::read_only
             ? json_error(403, "READ_ONLY", rpc::kReadOnlyText)
             : json_error(403, "OTHER_SITE",
                          "a browser sent this for a page of another site; see docs/api.md, "
                          "\"Browsers\"");
}

}  // namespace

Api::Api(rpc::Host& host, ActivityLog& log) : host_(host), log_(log), started_(host.now().wall) {}

bool Api::serves(const wire::HttpRequest& request) {
  return request.path.starts_with(kApiPrefix) || request.path == "/events";
}

wire::HttpResponse Api::unauthorized() {
  wire::HttpResponse response = json_error(401, "UNAUTHORIZED", "user name and password, please");
  response.headers.push_back({"Connection", "close"});
  response.headers.push_back({"WWW-Authenticate", "Basic realm=\"default\""});
  return response;
}

wire::HttpResponse Api::no_log(const Error& error) {
  const bool missing =
      error.code == ErrorCode::not_found || error.code == ErrorCode::invalid_argument;
  return json_error(missing ? 404 : 500, missing ? "NO_FILE" : "FAILED", error.message);
}

Answer Api::answer(const wire::HttpRequest& request, Permission permission) {
  try {
    return route(request, permission);
  } catch (const std::exception& error) {
    log_.critical(cat({"request ", request.method, " ", request.path, " failed: ", error.what()}));
    return json_error(500, "FAILED", error.what());
  }
}

Answer Api::route(const wire::HttpRequest& request, Permission permission) {
  const std::string_view path = without_final_slash(request.path);
  std::string allowed;
  for (const Route& route : all_routes()) {
    const std::optional<PathValues> values = match(route.path, path);
    if (!values) {
      continue;
    }
    if (route.method != request.method) {
      allowed += cat({allowed.empty() ? "" : ", ", route.method});
      continue;
    }
    if (route.changes && permission != Permission::full) {
      return refusal(permission);
    }
    rpc::Services services{host_, log_, rpc::Interfaces::all};
    return route.handler({services, request, permission, *values, started_});
  }
  if (allowed.empty()) {
    return json_error(404, "NOT_FOUND", cat({"nothing is at ", request.path}));
  }
  wire::HttpResponse response =
      json_error(405, "METHOD_NOT_ALLOWED", cat({"only ", allowed, " is possible here"}));
  response.headers.push_back({"Allow", allowed});
  return response;
}

}  // namespace sv::web
