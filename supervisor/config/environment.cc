#include "config/environment.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"
#include "config/shell_words.h"

namespace sv::config {
namespace {

/// What may stand in a word without quotes: letters (ASCII and Latin-1), digits, and what paths
/// and URLs are made of. Anything else is a token of its own.
bool is_word_character(char32_t c) {
  const bool ascii_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const bool latin_letter = c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7;
  constexpr std::u32string_view kMarks = U"_/.+-():";
  return ascii_letter || latin_letter || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::u32string_view::npos;
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : rest_(text) {}

  /// The next token; nullopt at the end.
  Result<std::optional<std::string>> next() {
    skip_space_and_comments();
    std::string token;
    bool any = false;  // a quoted token may be empty
    while (!rest_.empty() && !is_word_space(rest_.front()) && rest_.front() != '#') {
      if (is_quoting(rest_.front())) {
        if (const Result<void> taken = take_quoted(rest_, token); !taken) {
          return tl::unexpected(taken.error());
        }
        any = true;
        continue;
      }
      const CodePoint c = first_code_point(rest_);
      const bool in_word = c.length != 0 && is_word_character(c.value);
      if (!in_word && any) {
        break;  // a token of its own; it is for the next call
      }
      const std::size_t length = std::max<std::size_t>(c.length, 1);
      token += rest_.substr(0, length);
      rest_.remove_prefix(length);
      any = true;
      if (!in_word) {
        break;
      }
    }
    return any ? std::optional(std::move(token)) : std::nullopt;
  }

 private:
  void skip_space_and_comments() {
    while (!rest_.empty() && (is_word_space(rest_.front()) || rest_.front() == '#')) {
      const std::size_t skipped = rest_.front() == '#' ? rest_.find('\n') : 1;
      rest_.remove_prefix(std::min(skipped, rest_.size()));
    }
  }

  std::string_view rest_;
};

Result<std::vector<std::string>> tokenize(std::string_view text) {
  std::vector<std::string> tokens;
  Tokenizer tokenizer(text);
  for (;;) {
    Result<std::optional<std::string>> token = tokenizer.next();
    if (!token) {
      return tl::unexpected(std::move(token).error());
    }
    if (!token->has_value()) {
      return tokens;
    }
    tokens.push_back(**std::move(token));
  }
}

/// Adds to an environment; remembers where each key stands, so that long lists stay cheap.
class Overlay {
 public:
  explicit Overlay(Environment base) : environment_(std::move(base)) {
    for (std::size_t i = 0; i < environment_.size(); ++i) {
      position_.emplace(environment_[i].first, i);
    }
  }

  void set(std::string key, std::string value) {
    const auto [known, is_new] = position_.try_emplace(key, environment_.size());
    if (is_new) {
      environment_.emplace_back(std::move(key), std::move(value));
    } else {
      environment_[known->second].second = std::move(value);
    }
  }

  [[nodiscard]] Environment take() { return std::move(environment_); }

 private:
  Environment environment_;
  std::unordered_map<std::string, std::size_t> position_;
};

}  // namespace

Result<Environment> parse_environment(std::string_view text) {
  Result<std::vector<std::string>> tokens = tokenize(text);
  if (!tokens) {
    return tl::unexpected(std::move(tokens).error());
  }
  // Key, "=", value and a separator that nobody looks at: the reference product's stride.
  constexpr std::size_t kStride = 4;
  Overlay environment({});
  for (std::size_t at = 0; at < tokens->size(); at += kStride) {
    if (at + 2 >= tokens->size() || (*tokens)[at + 1] != "=") {
      return fail(ErrorCode::invalid_argument,
                  cat({"Unexpected end of key/value pairs in value '", text, "'"}));
    }
    environment.set(std::move((*tokens)[at]), std::move((*tokens)[at + 2]));
  }
  return environment.take();
}

Environment merged(Environment base, const Environment& over) {
  Overlay environment(std::move(base));
  for (const auto& [key, value] : over) {
    environment.set(key, value);
  }
  return environment.take();
}

}  // namespace sv::config
