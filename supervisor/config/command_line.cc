#include "config/command_line.h"

#include <utility>

#include "config/shell_words.h"

namespace sv::config {
namespace {

/// The word at the start of `rest`, which begins with something else than space.
Result<std::string> take_word(std::string_view& rest) {
  std::string word;
  while (!rest.empty() && !is_word_space(rest.front())) {
    if (is_quoting(rest.front())) {
      if (const Result<void> taken = take_quoted(rest, word); !taken) {
        return tl::unexpected(taken.error());
      }
    } else {
      word += rest.front();
      rest.remove_prefix(1);
    }
  }
  return word;
}

}  // namespace

Result<std::vector<std::string>> split_command(std::string_view command) {
  std::vector<std::string> words;
  while (!command.empty()) {
    if (is_word_space(command.front())) {
      command.remove_prefix(1);
      continue;
    }
    Result<std::string> word = take_word(command);
    if (!word) {
      return tl::unexpected(std::move(word).error());
    }
    words.push_back(*std::move(word));
  }
  return words;
}

}  // namespace sv::config
