#include "ctl/json.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace sv::ctl {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const wire::XmlRpcValue& value);

struct ToJson {
  Json operator()(const wire::XmlRpcNil& /*nil*/) const { return nullptr; }
  Json operator()(bool truth) const { return truth; }
  Json operator()(std::int64_t number) const { return number; }
  Json operator()(double number) const { return number; }
  Json operator()(const std::string& text) const { return text; }
  Json operator()(const wire::XmlRpcArray& elements) const {
    Json list = Json::array();
    for (const wire::XmlRpcValue& element : elements) {
      list.push_back(to_json(element));
    }
    return list;
  }
  Json operator()(const wire::XmlRpcStruct& members) const {
    Json object = Json::object();
    for (const auto& [name, member] : members) {
      object[name] = to_json(member);
    }
    return object;
  }
  // Only a server's replies hold it.
  Json operator()(const wire::XmlRpcWritten& /*written*/) const { return nullptr; }
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as the reader lets values be
Json to_json(const wire::XmlRpcValue& value) {
  return std::visit(ToJson{}, value.storage());
}

constexpr int kMaxDepth = 16;

std::optional<wire::XmlRpcValue> from_json(const Json& json, int depth);

// NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
std::optional<wire::XmlRpcValue> from_object(const Json& json, int depth) {
  wire::XmlRpcStruct members;
  for (const auto& [name, member] : json.items()) {
    auto value = from_json(member, depth);
    if (!value) {
      return std::nullopt;
    }
    members.emplace_back(name, std::move(*value));
  }
  return wire::XmlRpcValue(std::move(members));
}

// NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
std::optional<wire::XmlRpcValue> from_list(const Json& json, int depth) {
  wire::XmlRpcArray elements;
  for (const Json& element : json) {
    auto value = from_json(element, depth);
    if (!value) {
      return std::nullopt;
    }
    elements.push_back(std::move(*value));
  }
  return wire::XmlRpcValue(std::move(elements));
}

// NOLINTNEXTLINE(misc-no-recursion): kMaxDepth
std::optional<wire::XmlRpcValue> from_json(const Json& json, int depth) {
  if (depth == kMaxDepth) {
    return std::nullopt;
  }
  if (json.is_object()) {
    return from_object(json, depth + 1);
  }
  if (json.is_array()) {
    return from_list(json, depth + 1);
  }
  if (json.is_string()) {
    return wire::XmlRpcValue(json.get<std::string>());
  }
  if (json.is_boolean()) {
    return wire::XmlRpcValue(json.get<bool>());
  }
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (json.is_number_integer() &&
      !(json.is_number_unsigned() && json.get<std::uint64_t>() > kMost)) {
    return wire::XmlRpcValue(json.get<std::int64_t>());
  }
  return json.is_number() ? wire::XmlRpcValue(json.get<double>()) : wire::XmlRpcValue();
}

}  // namespace

std::optional<wire::XmlRpcValue> read_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? std::nullopt : from_json(json, 0);
}

std::string json_text(const wire::XmlRpcValue& value) {
  constexpr int kIndent = 2;
  return to_json(value).dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sv::ctl
