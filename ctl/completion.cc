#include "ctl/completion.h"

#include <algorithm>

#include "base/text.h"
#include "ctl/commands.h"

namespace sv::ctl {
namespace {

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::ranges::find(words, word) == words.end()) {
    words.push_back(std::move(word));
  }
}

std::vector<std::string> actions(Dialect dialect) {
  std::vector<std::string> words;
  for (const Command* command : commands(dialect)) {
    if (!command->help.empty()) {
      words.emplace_back(command->verb);
    }
  }
  return words;
}

std::vector<std::string> groups(const ProcessNames& names) {
  std::vector<std::string> words;
  for (ProcessName& process : names()) {
    add_once(words, std::move(process.group));
  }
  return words;
}

// The short form where there is one, until a colon shows that the long one is wanted.
std::vector<std::string> processes(std::string_view typed, const ProcessNames& names) {
  const bool wants_long = typed.find(':') != std::string_view::npos;
  std::vector<std::string> words;
  for (const ProcessName& process : names()) {
    if (wants_long || process.name != process.group) {
      words.push_back(cat({process.group, ":", process.name}));
      add_once(words, cat({process.group, ":*"}));
    } else {
      words.push_back(process.name);
    }
  }
  return words;
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> words;
  for (const CommandOption option : command.options) {
    words.emplace_back(row_of(option).name);
  }
  return words;
}

std::vector<std::string> candidates(std::string_view before, std::string_view typed,
                                    const ProcessNames& names, Dialect dialect) {
  const std::vector<std::string_view> words = split_words(before);
  if (words.empty()) {
    return actions(dialect);
  }
  const Command* command = find_command(words.front(), dialect);
  if (command == nullptr) {
    return {};
  }
  if (dialect == Dialect::modctl && typed.starts_with('-')) {
    return option_names(*command);
  }
  switch (command->takes) {
    case Takes::actions:
      return actions(dialect);
    case Takes::groups:
    case Takes::new_groups:
    case Takes::active_groups:
      return groups(names);
    case Takes::processes:
    case Takes::each_process:
      return processes(typed, names);
    case Takes::nothing:
      break;
  }
  return {};
}

}  // namespace

std::string_view word_at_end(std::string_view line) {
  const auto begin = std::find_if(line.rbegin(), line.rend(), is_ascii_space);
  return line.substr(static_cast<std::size_t>(line.rend() - begin));
}

std::vector<std::string> complete(std::string_view line, const ProcessNames& names,
                                  Dialect dialect) {
  const std::string_view typed = word_at_end(line);
  auto words = candidates(line.substr(0, line.size() - typed.size()), typed, names, dialect);
  std::erase_if(words, [typed](const std::string& word) { return !word.starts_with(typed); });
  return words;
}

std::string common_prefix(const std::vector<std::string>& words) {
  std::string_view prefix = words.empty() ? std::string_view() : std::string_view(words.front());
  for (const std::string& word : words) {
    const auto difference = std::ranges::mismatch(prefix, word);
    prefix = prefix.substr(0, static_cast<std::size_t>(difference.in1 - prefix.begin()));
  }
  while (!is_valid_utf8(prefix)) {
    prefix.remove_suffix(1);
  }
  return std::string(prefix);
}

}  // namespace sv::ctl
