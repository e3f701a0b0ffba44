#include "navi/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "base/text.h"

namespace sv::navi {
namespace {

/// Sets one option from its value; false if the value is not of its form.
using Setter = bool (*)(Options& options, std::string_view value);

struct OptionRow {
  std::string_view long_name;
  std::string_view short_name;
  Setter set;                            ///< nullptr: an option without value, see `action`
  Options::Action action;                ///< what the option asks for if it has no value
  std::string_view (*allowed_values)();  ///< for the message about a bad value
};

template <class T>
bool set_number(T& to, std::string_view value) {
  const char* end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, to);
  return error == std::errc{} && at == end;
}

bool set_output(Options& options, std::string_view value) {
  options.output = value;
  return !value.empty();
}

bool set_log(Options& options, std::string_view value) {
  const std::optional<LogLevel> level = log_level_from_name(value);
  options.log = level.value_or(options.log);
  return level.has_value();
}

bool set_max_files(Options& options, std::string_view value) {
  return set_number(options.max_files, value);
}

bool set_max_bytes(Options& options, std::string_view value) {
  return set_number(options.max_bytes, value);
}

std::string_view a_path() {
  return "a path";
}

std::string_view a_number() {
  return "0 (no limit) or a number";
}

using Action = Options::Action;

constexpr std::array kOptions{
    OptionRow{"output", "o", set_output, Action::listen, a_path},
    OptionRow{"log", "l", set_log, Action::listen, log_level_names},
    OptionRow{"max-files", "", set_max_files, Action::listen, a_number},
    OptionRow{"max-bytes", "", set_max_bytes, Action::listen, a_number},
    OptionRow{"help", "h", nullptr, Action::show_help, nullptr},
    OptionRow{"version", "v", nullptr, Action::show_version, nullptr},
};

/// The name behind one or two dashes; empty if the word is no option.
std::string_view option_name(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') {
    return {};
  }
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  return word;
}

const OptionRow* find_option(std::string_view name) {
  const auto* found = std::ranges::find_if(kOptions, [name](const OptionRow& row) {
    return !name.empty() && (row.long_name == name || row.short_name == name);
  });
  return found == kOptions.end() ? nullptr : found;
}

}  // namespace

Result<Options> parse_options(std::span<const std::string_view> arguments) {
  Options options;
  std::size_t at = 0;
  for (; at < arguments.size(); ++at) {
    const std::string_view word = arguments[at];
    const std::string_view spelled = option_name(word);
    if (spelled.empty()) {
      break;  // a positional argument, "-" or "--"
    }
    const std::size_t equals = spelled.find('=');
    const std::string_view name = spelled.substr(0, equals);
    const OptionRow* row = find_option(name);
    if (row == nullptr) {
      return fail(ErrorCode::invalid_argument, cat({"unknown option '", word, "'"}));
    }
    if (row->set == nullptr) {
      options.action = row->action;
      continue;
    }
    if (equals == std::string_view::npos && at + 1 == arguments.size()) {
      return fail(ErrorCode::invalid_argument, cat({"option '", word, "' needs a value"}));
    }
    const std::string_view value =
        equals == std::string_view::npos ? arguments[++at] : spelled.substr(equals + 1);
    if (!row->set(options, value)) {
      return fail(ErrorCode::invalid_argument,
                  cat({"Invalid ", row->set == set_log ? "level" : row->long_name, " value \"",
                       value, "\", allowed values are: ", row->allowed_values()}));
    }
  }
  if (at < arguments.size() && (arguments[at] == "help" || arguments[at] == "h")) {
    options.action = Action::show_help;
  }
  return options;
}

std::string_view help_text() {
  return R"(NAME:
   navi - listen to and respond to supervisor events

USAGE:
   navi [options]

   Runs as an event listener: reads events on standard input, answers on standard
   output, and writes each event as a JSON file into a directory.

OPTIONS:
   --output DIR, -o DIR   directory for the files (default: /mnt/notifications)
   --log LEVEL, -l LEVEL  debug, info, notice, warning, error, critical, alert,
                          emergency or none (default: info); the log goes to
                          standard error
   --max-files N          remove the oldest files beyond this number; 0: keep all
                          (default: 1000)
   --max-bytes N          remove the oldest files beyond this size together; 0: keep
                          all (default: 8388608)
   --help, -h             show this help
   --version, -v          show the version

EXIT STATUS:
   0 at the end of input, 1 when the input cannot be understood, 2 for a usage error
)";
}

std::string_view version_text() {
  return "Navi version 1.0.0\n";
}

}  // namespace sv::navi
