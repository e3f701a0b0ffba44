#pragma once

#include <string>

#include "base/log.h"
#include "rpc/host.h"
#include "web/answer.h"
#include "wire/http_message.h"

namespace sv::web {

/// The web interface: /, /index.html, /tail.html and /ok.html (supervisor-protocol, section 3).
/// Requests are complete and authenticated when they get here. One that changes something without
/// the permission to is refused with 403.
class Pages {
 public:
  /// Both must outlive this and every page that waits.
  Pages(rpc::Host& host, ActivityLog& log);

  /// Whether the request is for a page; otherwise it is somebody else's, in the end a 404.
  [[nodiscard]] static bool serves(const wire::HttpRequest& request);

  [[nodiscard]] Answer answer(const wire::HttpRequest& request, Permission permission);

 private:
  [[nodiscard]] Answer status_page(const wire::HttpRequest& request, Permission permission);
  [[nodiscard]] Answer act(const wire::HttpRequest& request, Permission permission,
                           const std::string& action_name);
  [[nodiscard]] wire::HttpResponse tail_page(const wire::HttpRequest& request);

  rpc::Host& host_;
  ActivityLog& log_;
};

}  // namespace sv::web
