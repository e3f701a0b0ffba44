#include "config/shell_words.h"

#include <algorithm>

#include "base/unicode.h"

namespace sv::config {
namespace {

tl::unexpected<Error> no_closing_quotation() {
  return fail(ErrorCode::invalid_argument, "No closing quotation");
}

tl::unexpected<Error> no_escaped_character() {
  return fail(ErrorCode::invalid_argument, "No escaped character");
}

}  // namespace

bool is_word_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_quoting(char c) {
  return c == '\'' || c == '"' || c == '\\';
}

Result<void> take_quoted(std::string_view& rest, std::string& word) {
  const char quote = rest.front();
  rest.remove_prefix(1);
  if (quote == '\\') {
    if (rest.empty()) {
      return no_escaped_character();
    }
    const std::size_t length = std::max<std::size_t>(first_code_point(rest).length, 1);
    word += rest.substr(0, length);
    rest.remove_prefix(length);
    return {};
  }
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == quote) {
      return {};
    }
    if (c == '\\' && quote == '"') {
      if (rest.empty()) {
        return no_escaped_character();
      }
      if (rest.front() == '"' || rest.front() == '\\') {
        word += rest.front();
        rest.remove_prefix(1);
        continue;
      }
    }
    word += c;
  }
  return no_closing_quotation();
}

}  // namespace sv::config
