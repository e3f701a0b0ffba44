#include "base/option_scanner.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace sv {
namespace {

class Scanner {
 public:
  Scanner(std::span<const std::string> arguments, std::span<const OptionSpec> specs)
      : arguments_(arguments), specs_(specs) {}

  [[nodiscard]] tl::expected<ScannedOptions, std::string> scan() {
    while (next_ < arguments_.size()) {
      const std::string_view word = arguments_[next_];
      if (word == "--") {
        ++next_;
        break;
      }
      if (!word.starts_with('-') || word == "-") {
        break;
      }
      ++next_;
      std::string problem =
          word.starts_with("--") ? long_option(word.substr(2)) : short_options(word.substr(1));
      if (!problem.empty()) {
        return tl::unexpected(std::move(problem));
      }
    }
    const auto rest = arguments_.subspan(next_);
    return ScannedOptions{std::move(found_), {rest.begin(), rest.end()}};
  }

 private:
  /// A long option may be cut to any prefix that only one option has; a whole name always wins.
  [[nodiscard]] tl::expected<std::size_t, std::string> find_long(std::string_view name) const {
    std::size_t match = specs_.size();
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const std::string_view candidate = specs_[i].long_name;
      if (candidate.empty() || !candidate.starts_with(name)) {
        continue;
      }
      if (candidate == name) {
        return i;
      }
      if (match != specs_.size()) {
        return tl::unexpected(cat({"option --", name, " not a unique prefix"}));
      }
      match = i;
    }
    if (match == specs_.size()) {
      return tl::unexpected(cat({"option --", name, " not recognized"}));
    }
    return match;
  }

  // Both return what is wrong, or nothing.
  std::string long_option(std::string_view text) {
    const std::size_t equals = text.find('=');
    auto index = find_long(text.substr(0, equals));
    if (!index) {
      return std::move(index.error());
    }
    std::string spelling = cat({"--", specs_[*index].long_name});
    std::string value;
    if (!specs_[*index].takes_value) {
      if (equals != std::string_view::npos) {
        return cat({"option ", spelling, " must not have an argument"});
      }
    } else if (equals != std::string_view::npos) {
      value = text.substr(equals + 1);
    } else if (!take_word(value)) {
      return cat({"option ", spelling, " requires argument"});
    }
    found_.push_back({*index, std::move(spelling), std::move(value)});
    return {};
  }

  std::string short_options(std::string_view cluster) {
    while (!cluster.empty()) {
      std::string spelling{'-', cluster.front()};
      const auto spec = std::ranges::find(specs_, cluster.front(), &OptionSpec::short_name);
      cluster.remove_prefix(1);
      if (spec == specs_.end()) {
        return cat({"option ", spelling, " not recognized"});
      }
      std::string value;
      if (spec->takes_value) {
        if (!cluster.empty()) {
          value = std::exchange(cluster, {});
        } else if (!take_word(value)) {
          return cat({"option ", spelling, " requires argument"});
        }
      }
      found_.push_back(
          {static_cast<std::size_t>(spec - specs_.begin()), std::move(spelling), std::move(value)});
    }
    return {};
  }

  bool take_word(std::string& value) {
    if (next_ == arguments_.size()) {
      return false;
    }
    value = arguments_[next_++];
    return true;
  }

  std::span<const std::string> arguments_;
  std::span<const OptionSpec> specs_;
  std::size_t next_ = 0;
  std::vector<FoundOption> found_;
};

}  // namespace

tl::expected<ScannedOptions, std::string> scan_options(std::span<const std::string> arguments,
                                                       std::span<const OptionSpec> specs) {
  return Scanner(arguments, specs).scan();
}

}  // namespace sv
