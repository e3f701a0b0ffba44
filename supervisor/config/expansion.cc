#include "config/expansion.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"
#include "config/placeholder.h"

namespace sv::config {
namespace {

using Value = ExpansionNames::mapped_type;

/// What is wrong with a template; expand() puts the template and the label around it.
struct Fault {
  bool unknown_name = false;
  std::string text;  ///< the quoted name if it is unknown, otherwise the reason
};

template <class T>
using Step = tl::expected<T, Fault>;

tl::unexpected<Fault> badly_formatted(std::string reason) {
  return tl::unexpected(Fault{false, std::move(reason)});
}

std::string_view type_name(const Value* value) {
  return value == nullptr ? "dict" : std::holds_alternative<std::string>(*value) ? "str" : "int";
}

/// The character with the number `value`, if there is one.
std::optional<std::string> character_with_number(std::int64_t value) {
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < 0 || value > 0x10FFFF || surrogate) {
    return std::nullopt;
  }
  std::string out;
  append_utf8(out, static_cast<char32_t>(value));
  return out;
}

/// One pass over a template. Python evaluates the operator with the mapping as the only argument;
/// %(name) makes that value the only argument from there on, and each argument serves once.
/// The order of the checks decides which of several errors is reported, so it is Python's.
class Expander {
 public:
  Expander(std::string_view text, const ExpansionNames& names)
      : text_(text), rest_(text), names_(names) {}

  Step<std::string> run() {
    while (!rest_.empty()) {
      const std::size_t literal = std::min(rest_.find('%'), rest_.size());
      out_ += rest_.substr(0, literal);
      rest_.remove_prefix(literal);
      if (!rest_.empty()) {
        rest_.remove_prefix(1);
        if (const Step<void> done = placeholder(); !done) {
          return tl::unexpected(done.error());
        }
      }
      if (out_.size() > kLargestResult) {
        return badly_formatted("result too long");
      }
    }
    if (printed_mapping_) {
      return badly_formatted("a conversion without a name would print all names and values");
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kLargestField = 64UL * 1024;         // width and precision
  static constexpr std::size_t kLargestResult = 4UL * 1024 * 1024;  // as large as a file may be

  Step<void> placeholder() {
    if (rest_.starts_with('%')) {
      rest_.remove_prefix(1);
      out_ += '%';
      return {};
    }
    if (rest_.empty()) {
      return badly_formatted("incomplete format");
    }
    if (rest_.starts_with('(')) {
      if (const Step<void> named = select_name(); !named) {
        return named;
      }
    }
    Placeholder spec;
    read_flags(spec);
    const Step<std::optional<std::size_t>> width = read_number("width too big");
    if (!width) {
      return tl::unexpected(width.error());
    }
    spec.width = width->value_or(0);
    if (rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      const Step<std::optional<std::size_t>> precision = read_number("precision too big");
      if (!precision) {
        return tl::unexpected(precision.error());
      }
      spec.precision = precision->value_or(0);
    }
    if (rest_.starts_with('h') || rest_.starts_with('l') || rest_.starts_with('L')) {
      rest_.remove_prefix(1);
    }
    return convert(spec);
  }

  /// The name may contain parentheses if they are balanced.
  Step<void> select_name() {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      depth += rest_[i] == '(' ? 1U : 0U;
      depth -= rest_[i] == ')' ? 1U : 0U;
      if (depth == 0) {
        const std::string_view name = rest_.substr(1, i - 1);
        const auto found = names_.find(name);
        if (found == names_.end()) {
          return tl::unexpected(Fault{true, python_repr(name)});
        }
        argument_ = &found->second;
        argument_used_ = false;
        rest_.remove_prefix(i + 1);
        return {};
      }
    }
    return badly_formatted("incomplete format key");
  }

  void read_flags(Placeholder& spec) {
    for (; !rest_.empty(); rest_.remove_prefix(1)) {
      switch (rest_.front()) {
        case '-':
          spec.left = true;
          break;
        case '+':
          spec.plus = true;
          break;
        case ' ':
          spec.blank = true;
          break;
        case '#':
          spec.alternate = true;
          break;
        case '0':
          spec.zero = true;
          break;
        default:
          return;
      }
    }
  }

  /// Digits, or * for the argument, which then is not there any more for the conversion: the only
  /// question left is which error it will be, so the number itself does not matter.
  Step<std::optional<std::size_t>> read_number(std::string_view too_big) {
    if (rest_.starts_with('*')) {
      rest_.remove_prefix(1);
      const Step<const Value*> argument = next_argument();
      if (!argument) {
        return tl::unexpected(argument.error());
      }
      if (*argument == nullptr || !std::holds_alternative<std::int64_t>(**argument)) {
        return badly_formatted("* wants int");
      }
      return std::nullopt;
    }
    std::optional<std::size_t> number;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      number = number.value_or(0) * 10 + static_cast<std::size_t>(rest_.front() - '0');
      if (*number > kLargestField) {
        return badly_formatted(std::string(too_big));
      }
    }
    return number;
  }

  /// The value a conversion consumes; nullptr stands for the mapping itself.
  Step<const Value*> next_argument() {
    if (argument_used_) {
      return badly_formatted("not enough arguments for format string");
    }
    argument_used_ = true;
    return argument_;
  }

  Step<void> convert(Placeholder& spec) {
    if (rest_.empty()) {
      return badly_formatted("incomplete format");
    }
    const CodePoint c = first_code_point(rest_);
    const auto byte = static_cast<unsigned char>(rest_.front());
    spec.conversion = c.length == 0 ? byte : c.value;
    const Step<const Value*> argument = next_argument();
    if (!argument) {
      return tl::unexpected(argument.error());
    }
    Step<std::string> printed = print(*argument, spec);
    if (!printed) {
      return tl::unexpected(std::move(printed).error());
    }
    out_ += *printed;
    rest_.remove_prefix(1);  // every conversion is an ASCII letter
    return {};
  }

  Step<std::string> print(const Value* value, const Placeholder& spec) {
    switch (spec.conversion) {
      case U's':
      case U'r':
      case U'a':
        return print_text(text_of(value, spec.conversion), spec);
      case U'd':
      case U'i':
      case U'u':
      case U'o':
      case U'x':
      case U'X':
      case U'e':
      case U'E':
      case U'f':
      case U'F':
      case U'g':
      case U'G':
        return number(value, spec);
      case U'c':
        return character(value, spec);
      default:
        return unsupported(spec.conversion);
    }
  }

  std::string text_of(const Value* value, char32_t conversion) {
    if (value == nullptr) {
      printed_mapping_ = true;  // reported at the end: errors further on come first
      return {};
    }
    if (const auto* const integer = std::get_if<std::int64_t>(value)) {
      return std::to_string(*integer);
    }
    const std::string& text = std::get<std::string>(*value);
    return conversion == U's' ? text : conversion == U'r' ? python_repr(text) : ascii_repr(text);
  }

  static Step<std::string> number(const Value* value, const Placeholder& spec) {
    const std::u32string_view floats = U"eEfFgG";
    const bool is_float = floats.find(spec.conversion) != std::u32string_view::npos;
    if (const auto* const integer = value == nullptr ? nullptr : std::get_if<std::int64_t>(value)) {
      return is_float ? print_float(*integer, spec) : print_integer(*integer, spec);
    }
    if (is_float) {
      return badly_formatted(cat({"must be real number, not ", type_name(value)}));
    }
    const std::u32string_view decimals = U"diu";
    const bool decimal = decimals.find(spec.conversion) != std::u32string_view::npos;
    return badly_formatted(cat({"%", std::string(1, static_cast<char>(spec.conversion)),
                                " format: ", decimal ? "a real number" : "an integer",
                                " is required, not ", type_name(value)}));
  }

  static Step<std::string> character(const Value* value, const Placeholder& spec) {
    if (value != nullptr) {
      if (const auto* const text = std::get_if<std::string>(value)) {
        if (utf8_length(*text) == 1) {
          return print_character(*text, spec);
        }
      } else if (const auto encoded = character_with_number(std::get<std::int64_t>(*value))) {
        return print_character(*encoded, spec);
      } else {
        return badly_formatted("%c arg not in range(0x110000)");
      }
    }
    return badly_formatted("%c requires int or char");
  }

  Step<std::string> unsupported(char32_t conversion) const {
    const bool readable = conversion >= 31 && conversion <= 126;
    const std::string letter(1, readable ? static_cast<char>(conversion) : '?');
    std::array<char, 16> code{};
    std::snprintf(code.data(), code.size(), "0x%x", static_cast<unsigned>(conversion));
    const std::size_t index = utf8_length(text_.substr(0, text_.size() - rest_.size()));
    return badly_formatted(cat({"unsupported format character '", letter, "' (", code.data(),
                                ") at index ", std::to_string(index)}));
  }

  std::string_view text_;
  std::string_view rest_;
  const ExpansionNames& names_;
  std::string out_;
  const Value* argument_ = nullptr;
  bool argument_used_ = false;
  bool printed_mapping_ = false;
};

std::string available(const ExpansionNames& names) {
  std::vector<std::string> list;
  for (const auto& [name, value] : names) {
    list.push_back(name);
  }
  return join(list, ", ");
}

}  // namespace

Result<std::string> expand(std::string_view text, const ExpansionNames& names,
                           std::string_view label) {
  Step<std::string> result = Expander(text, names).run();
  if (result) {
    return *std::move(result);
  }
  const std::string intro = cat({"Format string ", python_repr(text), " for ", python_repr(label)});
  const Fault& fault = result.error();
  if (fault.unknown_name) {
    return fail(ErrorCode::not_found,
                cat({intro, " contains names (", fault.text,
                     ") which cannot be expanded. Available names: ", available(names)}));
  }
  return fail(ErrorCode::invalid_argument, cat({intro, " is badly formatted: ", fault.text}));
}

}  // namespace sv::config
