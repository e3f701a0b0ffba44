#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rpc/services.h"
#include "web/answer.h"

/// The one list of what the JSON interface serves. It drives routing, the answer of /api/v1 itself,
/// and a test that compares it with docs/api.md.
namespace sv::web {

/// Values of the {placeholders} of a route, in their order.
using PathValues = std::vector<std::string_view>;

struct Call {
  rpc::Services& services;
  const wire::HttpRequest& request;
  Permission permission;
  const PathValues& values;
  WallTime daemon_started;

  /// A parameter of the query; nullopt when it is missing or empty.
  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;
};

struct Route {
  std::string_view method;
  std::string_view path;  ///< "/api/v1/programs/{name}"; a placeholder is one whole segment
  Answer (*handler)(const Call& call);
  std::string_view text;  ///< for people
  bool changes = false;   ///< needs Permission::full
};

[[nodiscard]] std::span<const Route> all_routes();

/// The values of the placeholders if the path is the route's; `path` is decoded.
[[nodiscard]] std::optional<PathValues> match(std::string_view pattern, std::string_view path);

}  // namespace sv::web
