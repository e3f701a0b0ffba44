#include "web/asset.h"

#include <algorithm>

#include "web/headers.h"

namespace sv::web {
namespace {

constexpr std::string_view kFolder = "/assets/";

}  // namespace

const Asset* find_asset(std::string_view name) {
  const std::span<const Asset> assets = all_assets();
  const auto found = std::ranges::find(assets, name, &Asset::name);
  return found != assets.end() ? &*found : nullptr;
}

std::optional<wire::HttpResponse> asset_response(const wire::HttpRequest& request) {
  const std::string_view path = request.path;
  if (request.method != "GET" || !path.starts_with(kFolder)) {
    return std::nullopt;
  }
  const Asset* asset = find_asset(path.substr(kFolder.size()));
  if (asset == nullptr || asset->name.ends_with(".html")) {
    return std::nullopt;
  }
  wire::HttpResponse response;
  // The same for everybody, and cheap to ask for again.
  response.headers = {{"Content-Type", std::string(asset->content_type)},
                      {"Cache-Control", "no-cache"},
                      {"ETag", std::string(asset->tag)},
                      {"X-Content-Type-Options", "nosniff"}};
  const std::string* known = request.header("If-None-Match");
  if (known != nullptr && *known == asset->tag) {
    response.status = 304;
  } else {
    response.body = asset->text;
  }
  return response;
}

std::string fill_template(std::string_view text, std::span<const TemplateValue> values) {
  constexpr std::string_view kOpen = "{{";
  constexpr std::string_view kClose = "}}";
  std::string out;
  while (true) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = text.find(kClose, open == std::string_view::npos ? open : open + 2);
    if (open == std::string_view::npos || close == std::string_view::npos) {
      return out.append(text);
    }
    const std::string_view name = text.substr(open + kOpen.size(), close - open - kOpen.size());
    const auto value = std::ranges::find(values, name, &TemplateValue::name);
    out.append(text.substr(0, open));
    if (value != values.end()) {
      out.append(value->value);
    }
    text.remove_prefix(close + kClose.size());
  }
}

}  // namespace sv::web
