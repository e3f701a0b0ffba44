#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

/// What stands behind a verb: words, and for modctl the options of commands among them. Pure.
namespace sv::ctl {

enum class CommandOption {
  json,
  wait,
  watch,
  follow,
  lines,
  since_start,
  out,
  err,
  ready,
  timeout,
};

/// How an option is written and what it does. The table is the one place that knows; help texts,
/// completion and the test of the manual are made from it.
struct CommandOptionRow {
  enum class Value {
    none,
    optional,  ///< only as --name=VALUE
    required,  ///< --name=VALUE, --name VALUE, -nVALUE, -n VALUE
  };

  CommandOption option;
  std::string_view name;        ///< with its dashes
  std::string_view letter;      ///< "-n", or empty
  std::string_view value_name;  ///< "SECONDS"; empty: Value::none
  Value value;
  std::string_view help;  ///< what `help verb` says about it
};

[[nodiscard]] const CommandOptionRow& row_of(CommandOption option);

/// "-n, --lines=LINES" as help texts have it.
[[nodiscard]] std::string spelling_of(const CommandOptionRow& row);

class Arguments {
 public:
  Arguments() = default;
  /// Words only: nothing is an option to a supervisorctl.
  explicit Arguments(std::string_view text);

  /// Options may stand among the words, up to a "--". A word like "-5" is left to the command. The
  /// error is what goes behind "Error: ".
  [[nodiscard]] static tl::expected<Arguments, std::string> parse(
      std::string_view text, std::span<const CommandOption> allowed);

  /// As typed, without white space around it.
  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  void replace_words(std::vector<std::string> words) { words_ = std::move(words); }

  [[nodiscard]] bool has(CommandOption option) const { return value_of(option).has_value(); }
  /// The value of an option, empty when it was given without; nullopt when it was not given. The
  /// last one counts.
  [[nodiscard]] std::optional<std::string_view> value_of(CommandOption option) const;
  /// All values of an option that may be repeated, in their order.
  [[nodiscard]] std::vector<std::string> values_of(CommandOption option) const;

 private:
  std::string text_;
  std::vector<std::string> words_;
  std::vector<std::pair<CommandOption, std::string>> options_;
};

}  // namespace sv::ctl
