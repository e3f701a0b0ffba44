#include "shell/http_router.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <variant>

#include "base/text.h"
#include "rpc/names.h"
#include "rpc/pending.h"
#include "shell/log_stream.h"
#include "web/asset.h"
#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace sv::shell {
namespace {

wire::HttpResponse xml_response(wire::XmlRpcReply reply) {
  wire::HttpResponse response;
  response.headers.push_back({"Content-Type", "text/xml"});
  response.body = wire::write_reply(std::move(reply));
  return response;
}

/// A remote method's answer that is not there yet.
class PendingReply final : public PendingAnswer {
 public:
  PendingReply(rpc::Host& host, std::unique_ptr<rpc::Pending> pending)
      : host_(host), pending_(std::move(pending)) {}

  std::optional<wire::HttpResponse> poll() override {
    std::optional<wire::XmlRpcReply> reply = pending_->poll(host_);
    return reply ? std::optional(xml_response(*std::move(reply))) : std::nullopt;
  }
  std::optional<MonoTime> deadline() const override { return pending_->deadline(); }

 private:
  rpc::Host& host_;
  std::unique_ptr<rpc::Pending> pending_;
};

/// Head of a log stream; `process` streams tell proxies not to buffer.
HttpAnswer follow(const std::optional<std::string>& path, LogSource source, LogTails& tails) {
  if (!path) {
    return wire::error_response(404);
  }
  Result<LogFollower> follower = LogFollower::open(*path);
  if (!follower) {
    return wire::error_response(404);
  }
  wire::HttpResponse head;
  head.headers.push_back(
      {"Last-Modified", wire::http_date(WallTime(std::chrono::seconds(follower->modified())))});
  head.headers.push_back({"Content-Type", "text/plain;charset=utf-8"});
  if (source.process) {
    head.headers.push_back({"X-Accel-Buffering", "no"});
  }
  return StreamAnswer{std::move(head),
                      std::make_unique<LogStream>(std::move(*follower), source, tails)};
}

/// A log as the JSON interface gives it.
HttpAnswer open_log(web::LogAnswer log, LogTails& tails) {
  if (!log.follows) {
    Result<std::unique_ptr<LogSnapshot>> snapshot = LogSnapshot::open(log.path, log.last_bytes);
    if (!snapshot) {
      return web::Api::no_log(snapshot.error());
    }
    return StreamAnswer{std::move(log.head), std::move(*snapshot)};
  }
  constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();
  Result<LogFollower> follower =
      LogFollower::open(std::move(log.path), log.last_bytes.value_or(kEverything));
  if (!follower) {
    return web::Api::no_log(follower.error());
  }
  return StreamAnswer{std::move(log.head),
                      std::make_unique<LogStream>(std::move(*follower),
                                                  LogSource{log.process, log.channel}, tails)};
}

}  // namespace

HttpRouter::HttpRouter(Parts parts, const config::HttpServerConfig& config)
    : parts_(std::move(parts)), gate_(config) {}

HttpAnswer HttpRouter::answer(const wire::HttpRequest& request) {
  tl::expected<web::Permission, wire::HttpResponse> permission = gate_.admit(request);
  if (!permission) {
    return std::move(permission.error());
  }
  HttpAnswer answer = route(request, *permission);
  parts_.settle();
  // What was asked for may be done by now; then there is nothing to wait for.
  if (auto* pending = std::get_if<std::unique_ptr<PendingAnswer>>(&answer)) {
    if (std::optional<wire::HttpResponse> response = (*pending)->poll()) {
      return std::move(*response);
    }
  }
  return answer;
}

wire::HttpLimits HttpRouter::limits() const {
  wire::HttpLimits limits;
  limits.lengthless_posts = web::kApiPrefix;  // "curl -X POST" sends none
  return limits;
}

HttpAnswer HttpRouter::route(const wire::HttpRequest& request, web::Permission permission) {
  const std::string_view path = request.path;
  if (path.starts_with("/RPC2")) {
    return call(request, permission);
  }
  if (path.starts_with("/logtail")) {
    return follow_process(request);
  }
  if (path.starts_with("/mainlogtail")) {
    return follow_main(request);
  }
  if (web::Pages::serves(request)) {
    return perform(parts_.pages.answer(request, permission));
  }
  if (web::Api::serves(request)) {
    return perform(parts_.api.answer(request, permission));
  }
  if (std::optional<wire::HttpResponse> asset = web::asset_response(request)) {
    return *std::move(asset);
  }
  // What is left are files, which are only read; there are no others.
  const bool reads = request.method == "GET" || request.method == "HEAD";
  return wire::error_response(reads ? 404 : 400);
}

HttpAnswer HttpRouter::perform(web::Answer answer) {
  if (auto* response = std::get_if<wire::HttpResponse>(&answer)) {
    return std::move(*response);
  }
  if (auto* pending = std::get_if<std::unique_ptr<web::PendingResponse>>(&answer)) {
    return std::move(*pending);
  }
  if (auto* events = std::get_if<web::EventsAnswer>(&answer)) {
    return StreamAnswer{std::move(events->head), parts_.events.subscribe(events->snapshot)};
  }
  return open_log(std::move(std::get<web::LogAnswer>(answer)), parts_.tails);
}

HttpAnswer HttpRouter::call(const wire::HttpRequest& request, web::Permission permission) {
  if (request.method != "POST") {
    return wire::error_response(400);
  }
  if (permission == web::Permission::foreign) {
    return wire::error_response(403);
  }
  const Result<wire::XmlRpcCall> call = wire::read_call(request.body);
  if (!call) {
    parts_.log.error(cat({"XML-RPC request data ", python_repr(request.body.substr(0, 200)),
                          " is invalid: ", call.error().message}));
    return wire::error_response(400);
  }
  const rpc::Access access =
      permission == web::Permission::read_only ? rpc::Access::read_only : rpc::Access::full;
  rpc::Outcome outcome = parts_.dispatcher.call(*call, access);
  if (auto* pending = std::get_if<std::unique_ptr<rpc::Pending>>(&outcome)) {
    return std::make_unique<PendingReply>(parts_.host, std::move(*pending));
  }
  return xml_response(std::get<wire::XmlRpcReply>(std::move(outcome)));
}

/// /logtail/<name>[/<channel>]; only the prefix of the first segment counts.
HttpAnswer HttpRouter::follow_process(const wire::HttpRequest& request) {
  if (request.method != "GET") {
    return wire::error_response(400);
  }
  const std::vector<std::string_view> segments =
      split(std::string_view(request.path).substr(1), '/');
  if (segments.size() < 2) {
    return wire::error_response(404);
  }
  const std::string_view channel = segments.size() > 2 ? segments[2] : "stdout";
  const rpc::OrFault<const core::Process*> process =
      rpc::find_process(parts_.host.supervisor(), segments[1]);
  if (!process || (channel != "stdout" && channel != "stderr")) {
    return wire::error_response(404);
  }
  const LogSource source{(*process)->id, channel == "stdout" ? core::Channel::standard_output
                                                             : core::Channel::standard_error};
  return follow(parts_.host.log_path(*source.process, source.channel), source, parts_.tails);
}

HttpAnswer HttpRouter::follow_main(const wire::HttpRequest& request) {
  if (request.method != "GET") {
    return wire::error_response(400);
  }
  return follow(parts_.host.main_log_path(), {}, parts_.tails);
}

}  // namespace sv::shell
