#pragma once

#include <memory>
#include <optional>
#include <variant>

#include "base/log.h"
#include "base/time.h"
#include "rpc/host.h"
#include "wire/http_message.h"

namespace sv::rpc {

/// A page that waits for an action to be done. Polled like Pending: after every batch of state
/// changes and at its deadline, until it returns an answer.
class PagePending {
 public:
  virtual ~PagePending() = default;
  [[nodiscard]] virtual std::optional<wire::HttpResponse> poll() = 0;
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const = 0;
};

using PageOutcome = std::variant<wire::HttpResponse, std::unique_ptr<PagePending>>;

/// The web interface: /, /index.html, /tail.html and /ok.html (supervisor-protocol, section 3).
/// Requests are complete and authenticated when they get here. A request that changes something is
/// refused with 403 when a browser made it for another site.
class Pages {
 public:
  /// Both must outlive this and every page that waits.
  Pages(Host& host, ActivityLog& log);

  /// Whether the request is for a page; otherwise it is somebody else's, in the end a 404.
  [[nodiscard]] static bool serves(const wire::HttpRequest& request);

  [[nodiscard]] PageOutcome answer(const wire::HttpRequest& request);

 private:
  [[nodiscard]] PageOutcome status_page(const wire::HttpRequest& request);
  [[nodiscard]] PageOutcome act(const wire::HttpRequest& request, const std::string& action_name);
  [[nodiscard]] wire::HttpResponse tail_page(const wire::HttpRequest& request);

  Host& host_;
  ActivityLog& log_;
};

}  // namespace sv::rpc
