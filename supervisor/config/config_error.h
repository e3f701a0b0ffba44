#pragma once

#include <string>
#include <vector>

namespace sv::config {

/// One thing wrong with a configuration.
struct ConfigError {
  std::string file;     ///< as the user named it, or the path matched by an include
  int line = 0;         ///< 1-based; 0 when no single line is to blame
  std::string section;  ///< "program:cat"; empty when not inside one
  std::string key;      ///< empty when the whole section is to blame
  /// The reference product's wording where it has one (scripts match it), ours otherwise.
  std::string message;

  friend bool operator==(const ConfigError&, const ConfigError&) = default;
};

/// "file:line: [section] key: message", parts that are not known left out.
[[nodiscard]] std::string format(const ConfigError& error);

using ConfigErrors = std::vector<ConfigError>;

}  // namespace sv::config
