#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "support/fake_host.h"
#include "web/api.h"
#include "web/json.h"

namespace sv::web {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::group;

/// Requests to the JSON interface over a fake host. Programs: x (group x), and a, b of group g.
class WebTest : public ::testing::Test {
 protected:
  WebTest() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    host.clock_at("2026-11-23 02:27:19");
    host.latest.daemon.identifier = "night";
    host.activate(group("x", {{.name = "x", .autostart = false}}));
    host.activate(
        group("g", {{.name = "a", .autostart = false}, {.name = "b", .autostart = false}}));
  }

  static wire::HttpRequest get(std::string path, std::string query = "") {
    wire::HttpRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    return request;
  }
  static wire::HttpRequest post(std::string path, std::string body = "", std::string query = "") {
    wire::HttpRequest request = get(std::move(path), std::move(query));
    request.method = "POST";
    request.body = std::move(body);
    return request;
  }

  /// The answer by now. One that waits has no status and is kept: see finish().
  wire::HttpResponse answer(const wire::HttpRequest& request,
                            Permission permission = Permission::full) {
    Answer outcome = api.answer(request, permission);
    if (auto* response = std::get_if<wire::HttpResponse>(&outcome)) {
      return std::move(*response);
    }
    if (auto* waiting = std::get_if<std::unique_ptr<PendingResponse>>(&outcome)) {
      pending = std::move(*waiting);
      return finish();
    }
    ADD_FAILURE() << request.path << " is a stream";
    return {};
  }
  wire::HttpResponse finish() {
    wire::HttpResponse none;
    none.status = 0;
    return pending->poll().value_or(none);
  }

  static Json body_of(const wire::HttpResponse& response) {
    auto body = parse_json(response.body);
    EXPECT_TRUE(body) << response.body;
    return body.value_or(Json::object());
  }
  Json get_json(const std::string& path, std::string query = "") {
    const wire::HttpResponse response = answer(get(path, std::move(query)));
    EXPECT_EQ(response.status, 200) << response.body;
    return body_of(response);
  }
  /// "404 BAD_NAME".
  static std::string error_of(const wire::HttpResponse& response) {
    const Json body = body_of(response);
    const Json* error = member(body, "error");
    return std::to_string(response.status) + " " +
           (error != nullptr ? error->value("code", "") : std::string("no error"));
  }

  test::FakeHost host;
  test::RecordingLog log;
  Api api{host, log};
  std::unique_ptr<PendingResponse> pending;
};

}  // namespace sv::web
