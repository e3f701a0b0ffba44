#include "web/html.h"

#include "base/text.h"

namespace sv::web {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// Control characters other than tab, line feed and carriage return are not allowed in HTML.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x7F || (byte < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

}  // namespace

std::string escape_html(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (const char c : valid) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        if (is_forbidden(c)) {
          out += kReplacement;
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string html_page(std::string_view title, std::string_view body) {
  return cat(
      {"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
       "<link rel=\"stylesheet\" href=\"assets/page.css\">\n"
       "<link rel=\"icon\" href=\"assets/icon.svg\" type=\"image/svg+xml\">\n"
       "<script src=\"assets/theme.js\"></script>\n<title>",
       escape_html(title), "</title>\n</head>\n<body>\n", body, "</body>\n</html>\n"});
}

}  // namespace sv::web
