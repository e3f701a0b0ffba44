#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "web/answer.h"

/// The files in supervisor/web/assets, which the build makes part of the program: the daemon needs
/// no file of its own at run time.
namespace sv::web {

struct Asset {
  std::string_view name;  ///< "page.css"
  std::string_view content_type;
  std::string_view tag;  ///< ETag, with its quotes
  std::string_view text;
};

/// Sorted by name. Generated.
[[nodiscard]] std::span<const Asset> all_assets();

/// nullptr when there is none of that name.
[[nodiscard]] const Asset* find_asset(std::string_view name);

/// Assets as browsers ask for them: GET /assets/<name>. nullopt for any other request. page.html is
/// no document of its own and not served.
[[nodiscard]] std::optional<wire::HttpResponse> asset_response(const wire::HttpRequest& request);

/// A document from a template: {{name}} becomes the value of that name. Values are inserted as they
/// are, and not searched for further names.
struct TemplateValue {
  std::string_view name;
  std::string_view value;
};
[[nodiscard]] std::string fill_template(std::string_view text,
                                        std::span<const TemplateValue> values);

}  // namespace sv::web
