#include "ctl/json.h"

#include <nlohmann/json.hpp>

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

}  // namespace

std::string json_text(const wire::XmlRpcValue& value) {
  constexpr int kIndent = 2;
  return to_json(value).dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sv::ctl
