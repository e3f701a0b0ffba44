#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/time.h"
#include "config/model.h"
#include "rpc/dispatcher.h"
#include "rpc/host.h"
#include "shell/event_stream.h"
#include "shell/http_answer.h"
#include "shell/log_tails.h"
#include "web/api.h"
#include "web/gate.h"
#include "web/pages.h"

namespace sv::shell {

/// Paths to answers (supervisor-protocol, 2.2): the gate first, then /RPC2, /logtail,
/// /mainlogtail, the pages and the JSON interface. One per server, because credentials are.
class HttpRouter final : public HttpHandler {
 public:
  /// References outlive the router. `settle` is called after a request that may have changed
  /// something, to perform what follows from it.
  struct Parts {
    rpc::Dispatcher& dispatcher;
    web::Pages& pages;
    web::Api& api;
    rpc::Host& host;
    EventStream& events;
    LogTails& tails;
    ActivityLog& log;
    std::function<void()> settle;
  };

  HttpRouter(Parts parts, const config::HttpServerConfig& config);

  [[nodiscard]] HttpAnswer answer(const wire::HttpRequest& request) override;
  [[nodiscard]] wire::HttpLimits limits() const override;

 private:
  [[nodiscard]] HttpAnswer route(const wire::HttpRequest& request, web::Permission permission);
  [[nodiscard]] HttpAnswer call(const wire::HttpRequest& request, web::Permission permission);
  [[nodiscard]] HttpAnswer follow_process(const wire::HttpRequest& request);
  [[nodiscard]] HttpAnswer follow_main(const wire::HttpRequest& request);
  [[nodiscard]] HttpAnswer perform(web::Answer answer);

  Parts parts_;
  web::Gate gate_;
};

}  // namespace sv::shell
