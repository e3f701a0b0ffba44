#include "web/html.h"

#include "base/text.h"

namespace sv::web {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

constexpr std::string_view kStyle = R"(:root {
  color-scheme: light dark;
  --text: #1b1f24; --soft: #57606a; --back: #ffffff; --panel: #f6f8fa; --line: #d0d7de;
  --link: #0550ae; --good: #116329; --bad: #a40e26;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --soft: #9198a1; --back: #0d1117; --panel: #161b22; --line: #30363d;
    --link: #79c0ff; --good: #56d364; --bad: #ff8182;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1rem; background: var(--back);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
a { color: var(--link); }
footer, .soft { color: var(--soft); font-size: .875rem; }
.status_msg { background: var(--panel); border-left: .25rem solid var(--link); padding: .5rem .75rem;
  overflow-wrap: anywhere; }
.bar { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .75rem 0; }
button, .button { font: inherit; font-size: .875rem; padding: .2rem .6rem; color: var(--link);
  background: var(--panel); border: 1px solid var(--line); border-radius: .3rem; cursor: pointer;
  text-decoration: none; }
button:hover, .button:hover { border-color: var(--link); }
:focus-visible { outline: .15rem solid var(--link); outline-offset: .1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--panel); }
td .bar { margin: 0; }
.statusrunning { color: var(--good); font-weight: 600; }
.statuserror { color: var(--bad); font-weight: 600; }
.statusnominal { color: var(--soft); }
pre { background: var(--panel); border: 1px solid var(--line); padding: .75rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 45rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr, td { display: block; }
  td { border: 0; }
  tr { border-bottom: 1px solid var(--line); padding: .35rem 0; }
}
)";

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
       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
       escape_html(title), "</title>\n<style>\n", kStyle, "</style>\n</head>\n<body>\n", body,
       "</body>\n</html>\n"});
}

}  // namespace sv::web
