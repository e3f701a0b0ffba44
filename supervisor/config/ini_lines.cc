#include "config/ini_lines.h"

#include <algorithm>

#include "base/text.h"
#include "base/unicode.h"

namespace sv::config {
namespace {

bool ends_with_space(std::string_view text) {
  const CodePoint last = last_code_point(text);
  return last.length != 0 && is_unicode_space(last.value);
}

/// Where a comment starts: the leftmost mark in column 0 or after white space. Quotes do not
/// protect anything.
std::optional<std::size_t> find_comment(std::string_view line) {
  constexpr std::string_view kMarks = ";#";
  for (std::size_t at = line.find_first_of(kMarks); at != std::string_view::npos;
       at = line.find_first_of(kMarks, at + 1)) {
    if (at == 0 || ends_with_space(line.substr(0, at))) {
      return at;
    }
  }
  return std::nullopt;
}

std::size_t count_indent(std::string_view line) {
  return utf8_length(line.substr(0, line.size() - trim_unicode_left(line).size()));
}

}  // namespace

std::string IniLine::quoted() const {
  return python_repr(cat({raw, ended ? "\n" : ""}));
}

std::optional<IniLine> IniLines::next() {
  if (rest_.empty()) {
    return std::nullopt;
  }
  const std::size_t length = std::min(rest_.find_first_of("\r\n"), rest_.size());
  IniLine line;
  line.number = ++number_;
  line.raw = rest_.substr(0, length);
  rest_.remove_prefix(length);
  line.ended = !rest_.empty();
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : line.ended ? 1 : 0);

  const std::optional<std::size_t> comment = find_comment(line.raw);
  line.has_comment = comment.has_value();
  line.text = trim_unicode(line.raw.substr(0, comment.value_or(line.raw.size())));
  line.indent = count_indent(line.raw);
  return line;
}

}  // namespace sv::config
