#include "web/pages.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "rpc/log_methods.h"
#include "rpc/names.h"
#include "rpc/process_info.h"
#include "web/page_action.h"
#include "web/status_page.h"

namespace sv::web {
namespace {

using wire::HttpRequest;
using wire::HttpResponse;

std::string_view page_name(const HttpRequest& request) {
  std::string_view path = request.path;
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  return path;
}

/// A field of the form: the last one in the body, otherwise the first one in the query.
std::optional<std::string> field(const HttpRequest& request, std::string_view name) {
  const auto is_named = [name](const auto& entry) { return entry.first == name; };
  if (request.method == "POST") {
    const auto fields = wire::parse_form(request.body);
    const auto found = std::find_if(fields.rbegin(), fields.rend(), is_named);
    if (found != fields.rend()) {
      return found->second;
    }
  }
  const auto fields = wire::parse_form(request.query);
  const auto found = std::ranges::find_if(fields, is_named);
  return found != fields.end() ? std::optional(found->second) : std::nullopt;
}

void forbid_caching(HttpResponse& response) {
  // The reference's words, and the one that browsers take seriously.
  response.headers.insert(response.headers.begin(), {{"Pragma", "no-cache"},
                                                     {"Cache-Control", "no-cache, no-store"},
                                                     {"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}});
}

HttpResponse html_response(std::string html) {
  HttpResponse response;
  response.headers = {
      {"Content-Type", "text/html;charset=utf-8"},
      // Only what this server itself serves is loaded and run, forms lead nowhere else, and no
      // other site may frame the buttons.
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
       "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "same-origin"},
  };
  forbid_caching(response);
  response.body = std::move(html);
  return response;
}

/// Where the client sees this server. Without a Host header the address is left to it. A browser
/// that sent a form says in Origin whether there is TLS in front of us.
std::string base_address(const HttpRequest& request) {
  const std::string* host = request.header("Host");
  if (host == nullptr || host->empty()) {
    return {};
  }
  const std::string* origin = request.header("Origin");
  if (origin != nullptr && *origin == cat({"https://", *host})) {
    return *origin;
  }
  std::string_view name = *host;
  constexpr std::string_view kDefaultPort = ":80";
  if (name.ends_with(kDefaultPort)) {
    name.remove_suffix(kDefaultPort.size());
  }
  return cat({"http://", name});
}

HttpResponse redirect(const std::string& base, std::string_view message) {
  HttpResponse response = wire::error_response(301);
  response.headers.insert(response.headers.begin(),
                          {"Location", cat({base, "/?message=", wire::percent_encode(message)})});
  forbid_caching(response);
  return response;
}

class ActionPending final : public PendingResponse {
 public:
  ActionPending(RunningAction action, std::string base)
      : action_(std::move(action)), base_(std::move(base)) {}

  std::optional<HttpResponse> poll() override {
    const auto message = action_.poll();
    return message ? std::optional(redirect(base_, *message)) : std::nullopt;
  }
  [[nodiscard]] std::optional<MonoTime> deadline() const override { return action_.deadline(); }

 private:
  RunningAction action_;
  std::string base_;
};

/// How much of a log the tail page shows: at least kMinTailBytes, and nothing but digits counts.
std::int64_t tail_limit(const std::optional<std::string>& text) {
  constexpr std::int64_t kMinTailBytes = 1024;
  if (!text) {
    return kMinTailBytes;
  }
  std::int64_t limit = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, limit);
  if (stop != end || text->front() == '-') {
    return kMinTailBytes;
  }
  if (error == std::errc::result_out_of_range) {
    return rpc::kMaxLogReplyBytes;
  }
  return std::clamp(limit, kMinTailBytes, rpc::kMaxLogReplyBytes);
}

std::string tail_text(rpc::Host& host, const std::string& name, std::int64_t limit) {
  const auto process = rpc::find_process(host.supervisor(), name);
  const wire::XmlRpcReply log =
      process ? rpc::read_process_log(host, **process, core::Channel::standard_output, {-limit, 0})
              : tl::unexpected(process.error());
  if (log) {
    return *log->get_if<std::string>();
  }
  if (log.error().code == static_cast<int>(rpc::FaultCode::no_file)) {
    return cat({"No file for ", name});
  }
  return cat(
      {"ERROR: unexpected rpc fault [", std::to_string(log.error().code), "] ", log.error().text});
}

}  // namespace

Pages::Pages(rpc::Host& host, ActivityLog& log) : host_(host), log_(log) {}

bool Pages::serves(const HttpRequest& request) {
  if (request.method != "GET" && request.method != "POST") {
    return false;
  }
  const std::string_view name = page_name(request);
  return name.empty() || name == "index.html" || name == "tail.html" || name == "ok.html";
}

Answer Pages::answer(const HttpRequest& request, Permission permission) {
  const std::string_view name = page_name(request);
  if (name == "ok.html") {
    HttpResponse response;
    response.headers = {{"Content-Type", "text/plain"}};
    response.body = "OK";
    return response;
  }
  // The reference has no pages any more once it is stopping; scripts see the same status.
  if (host_.supervisor().mood() != core::Mood::running) {
    return wire::error_response(500);
  }
  return name == "tail.html" ? Answer(tail_page(request)) : status_page(request, permission);
}

Answer Pages::status_page(const HttpRequest& request, Permission permission) {
  if (const auto action = field(request, "action")) {
    return act(request, permission, *action);
  }
  StatusSnapshot snapshot;
  snapshot.identifier = host_.latest_config().daemon.identifier;
  snapshot.may_act = permission != Permission::read_only;
  snapshot.message = field(request, "message").value_or("");
  const WallTime now = host_.now().wall;
  for (const core::Process* process : rpc::sorted_by_name(host_.supervisor())) {
    snapshot.rows.push_back(
        {rpc::namespec_of(*process), process->state(), rpc::describe(*process, now)});
  }
  return html_response(render_status_page(snapshot));
}

Answer Pages::act(const HttpRequest& request, Permission permission,
                  const std::string& action_name) {
  const auto action = page_action_from_name(action_name);
  const std::string name = field(request, "processname").value_or("");
  if (!action || (needs_process(*action) && name.empty())) {
    return wire::error_response(500);  // the reference's answer to what no page of it asks for
  }
  if (*action != PageAction::refresh && permission != Permission::full) {
    return wire::error_response(403);
  }
  const std::string base = base_address(request);
  if (needs_process(*action) && !rpc::find_process(host_.supervisor(), name)) {
    return redirect(base, cat({"No such process named ", name}));
  }
  auto pending = std::make_unique<ActionPending>(
      RunningAction({host_, log_, rpc::Interfaces::all}, *action, name), base);
  if (auto done = pending->poll()) {
    return std::move(*done);
  }
  return pending;
}

HttpResponse Pages::tail_page(const HttpRequest& request) {
  TailSnapshot snapshot;
  snapshot.name = field(request, "processname");
  snapshot.limit = tail_limit(field(request, "limit"));
  snapshot.text =
      snapshot.name ? tail_text(host_, *snapshot.name, snapshot.limit) : "No process name found";
  return html_response(render_tail_page(snapshot));
}

}  // namespace sv::web
