#include "web/json.h"

#include <chrono>

#include "web/headers.h"

namespace sv::web {

std::string to_text(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Json> parse_json(std::string_view text) {
  Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() ? std::nullopt : std::optional(std::move(value));
}

const Json* member(const Json& value, const char* name) {
  const auto found = value.find(name);
  return found != value.end() ? &*found : nullptr;
}

Json json_time(const std::optional<WallTime>& time) {
  if (!time) {
    return {};
  }
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(time->time_since_epoch()).count();
  return static_cast<double>(milliseconds) / 1000.0;
}

wire::HttpResponse json_response(const Json& body, int status) {
  wire::HttpResponse response;
  response.status = status;
  response.headers = private_headers("application/json");
  response.body = to_text(body);
  response.body += '\n';
  return response;
}

wire::HttpResponse json_error(int status, std::string_view code, std::string_view message) {
  Json error;
  error["code"] = code;
  error["message"] = message;
  Json body;
  body["error"] = std::move(error);
  return json_response(body, status);
}

}  // namespace sv::web
