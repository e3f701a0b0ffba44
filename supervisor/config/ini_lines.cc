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
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool is_mark = line[at] == ';' || line[at] == '#';
    if (is_mark && (at == 0 || ends_with_space(line.substr(0, at)))) {
      return at;
    }
  }
  return std::nullopt;
}

/// The length of the first line, without its end. find() is far quicker than find_first_of(), and
/// nearly all files have one kind of line end.
std::size_t line_length(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  return std::min(line.find('\r'), line.size());
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
  const std::size_t length = line_length(rest_);
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
