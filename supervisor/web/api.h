#pragma once

#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "rpc/host.h"
#include "web/answer.h"

namespace sv::web {

/// Everything below it is the JSON interface's, 404s included.
inline constexpr std::string_view kApiPrefix = "/api/";

/// The JSON interface, /api/v1/ (docs/api.md). Requests are complete and authenticated when they
/// get here; no exception leaves.
class Api {
 public:
  /// Both must outlive this and every answer that waits.
  Api(rpc::Host& host, ActivityLog& log);

  /// Whether the request is for this interface.
  [[nodiscard]] static bool serves(const wire::HttpRequest& request);

  [[nodiscard]] Answer answer(const wire::HttpRequest& request, Permission permission);

  /// The refusal of a request without valid credentials.
  [[nodiscard]] static wire::HttpResponse unauthorized();

  /// What is answered instead of a log that cannot be opened.
  [[nodiscard]] static wire::HttpResponse no_log(const Error& error);

 private:
  [[nodiscard]] Answer route(const wire::HttpRequest& request, Permission permission);

  rpc::Host& host_;
  ActivityLog& log_;
  WallTime started_;
};

}  // namespace sv::web
