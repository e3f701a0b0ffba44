#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

/// Command lines by getopt's rules with the reference product's error texts (supervisor-config,
/// 8.2): clustered short options, attached or separate values, long options cut to a unique prefix.
namespace sv {

struct OptionSpec {
  char short_name = '\0';      ///< '\0': none
  std::string_view long_name;  ///< without dashes; empty: none
  bool takes_value = false;
};

/// One option as it was found. `spelling` goes into messages: "-u" or "--username".
struct FoundOption {
  std::size_t index = 0;  ///< into the table of specs
  std::string spelling;
  std::string value;
};

struct ScannedOptions {
  std::vector<FoundOption> options;  ///< left to right
  std::vector<std::string> rest;     ///< from the first word that is no option, or after "--"
};

/// Splits a command line (without the program's name). Nothing acts yet: a later syntax error wins
/// over an earlier --help. The error is what goes behind "Error: ".
[[nodiscard]] tl::expected<ScannedOptions, std::string> scan_options(
    std::span<const std::string> arguments, std::span<const OptionSpec> specs);

}  // namespace sv
