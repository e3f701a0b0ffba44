#pragma once

#include <string>
#include <string_view>

/// Escaping, and the frame of small documents, which take their looks from assets/page.css.
namespace sv::web {

/// Text for element content and quoted attributes: & < > " are escaped, what is not UTF-8 or not
/// allowed in HTML becomes U+FFFD.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A whole document around `body`, which is HTML. `title` is text.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body);

}  // namespace sv::web
