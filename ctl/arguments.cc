#include "ctl/arguments.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sv::ctl {
namespace {

using Row = CommandOptionRow;
using Value = CommandOptionRow::Value;

constexpr std::array kRows{
    Row{CommandOption::json, "--json", "", "", Value::none,
        "Answer as JSON on stdout; what goes wrong is told on stderr"},
    Row{CommandOption::wait, "--wait", "", "SECONDS", Value::optional,
        "Act on all at once and wait until each has got there, retries included; fail when that "
        "takes longer than SECONDS"},
    Row{CommandOption::watch, "--watch", "", "", Value::none,
        "Show the states on the whole terminal and keep them up to date; q leaves"},
    Row{CommandOption::follow, "--follow", "-f", "", Value::none,
        "Go on as the log grows; Ctrl-C comes back"},
    Row{CommandOption::lines, "--lines", "-n", "LINES", Value::required,
        "Show that many lines (50)"},
    Row{CommandOption::since_start, "--since-start", "", "", Value::none,
        "Show what the current run has written, or the last one"},
    Row{CommandOption::out, "--stdout", "", "", Value::none,
        "Show the log of stdout (also without it, unless --stderr is given)"},
    Row{CommandOption::err, "--stderr", "", "", Value::none, "Show the log of stderr"},
    Row{CommandOption::ready, "--ready", "", "NAME", Value::required,
        "Processes of that name must be RUNNING; may be repeated"},
    Row{CommandOption::timeout, "--timeout", "", "SECONDS", Value::required,
        "The daemon must answer within that time (5)"},
};

// "--json", "-n": a word that means to be an option. "--5" and "-f" may mean something else.
bool looks_like_option(std::string_view word) {
  return word.size() > 2 && word.starts_with("--") &&
         ((word[2] >= 'a' && word[2] <= 'z') || (word[2] >= 'A' && word[2] <= 'Z'));
}

/// One word taken apart.
struct Spelling {
  const Row* row = nullptr;
  std::optional<std::string_view> value;
};

// row is null when the word is none of the allowed options.
Spelling recognise(std::string_view word, std::span<const CommandOption> allowed) {
  const std::size_t equals = word.find('=');
  for (const CommandOption option : allowed) {
    const Row& row = row_of(option);
    if (word == row.name || word == row.letter) {
      return {&row, std::nullopt};
    }
    if (equals != std::string_view::npos && word.substr(0, equals) == row.name) {
      return {&row, word.substr(equals + 1)};
    }
    if (!row.letter.empty() && row.value == Value::required && word.starts_with(row.letter)) {
      return {&row, word.substr(row.letter.size())};
    }
  }
  return {};
}

}  // namespace

const CommandOptionRow& row_of(CommandOption option) {
  return *std::ranges::find(kRows, option, &Row::option);
}

std::string spelling_of(const CommandOptionRow& row) {
  const std::string name =
      row.letter.empty() ? std::string(row.name) : cat({row.letter, ", ", row.name});
  switch (row.value) {
    case Value::none:
      return name;
    case Value::optional:
      return cat({name, "[=", row.value_name, "]"});
    case Value::required:
      return cat({name, "=", row.value_name});
  }
  return name;
}

Arguments::Arguments(std::string_view text) : text_(text) {
  for (const std::string_view word : split_words(text_)) {
    words_.emplace_back(word);
  }
}

tl::expected<Arguments, std::string> Arguments::parse(std::string_view text,
                                                      std::span<const CommandOption> allowed) {
  Arguments arguments;
  arguments.text_ = text;
  const std::vector<std::string_view> words = split_words(text);
  bool options_ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    const Spelling spelling = options_ended ? Spelling{} : recognise(word, allowed);
    if (spelling.row == nullptr) {
      if (!options_ended && word == "--") {
        options_ended = true;
      } else if (!options_ended && looks_like_option(word)) {
        return tl::unexpected(cat({"there is no option ", word.substr(0, word.find('='))}));
      } else {
        arguments.words_.emplace_back(word);
      }
      continue;
    }
    std::optional<std::string_view> value = spelling.value;
    if (spelling.row->value == Value::none && value) {
      return tl::unexpected(cat({"option ", spelling.row->name, " has no value"}));
    }
    if (spelling.row->value == Value::required && !value) {
      if (i + 1 == words.size()) {
        return tl::unexpected(cat({"option ", word, " needs a value: ", spelling.row->value_name}));
      }
      value = words[++i];
    }
    arguments.options_.emplace_back(spelling.row->option, value.value_or(std::string_view()));
  }
  return arguments;
}

std::optional<std::string_view> Arguments::value_of(CommandOption option) const {
  const auto found = std::find_if(options_.rbegin(), options_.rend(),
                                  [option](const auto& given) { return given.first == option; });
  return found != options_.rend() ? std::optional<std::string_view>(found->second) : std::nullopt;
}

std::vector<std::string> Arguments::values_of(CommandOption option) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : options_) {
    if (given == option) {
      values.push_back(value);
    }
  }
  return values;
}

}  // namespace sv::ctl
