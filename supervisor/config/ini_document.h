#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sv::config {

/// One option as it stands in a file: key lower-cased, value joined over its continuation lines
/// with LF, not expanded.
struct IniOption {
  std::string key;
  std::string value;
  std::string file;
  int line = 0;  ///< the line of the key, 1-based

  friend bool operator==(const IniOption&, const IniOption&) = default;
};

/// One section; repeated headers have been merged, a repeated key replaced in place.
struct IniSection {
  std::string name;  ///< exactly as between the brackets, untrimmed
  std::string file;  ///< the file that introduced the section first
  int line = 0;
  std::vector<IniOption> options;

  /// The option, or nullptr. Keys are lower case.
  [[nodiscard]] const IniOption* find(std::string_view key) const;

  friend bool operator==(const IniSection&, const IniSection&) = default;
};

/// A parsed file (or several, merged): sections in the order of their first header.
/// A value type; who reads [DEFAULT] as defaults for every section is the loader.
struct IniDocument {
  std::vector<IniSection> sections;

  [[nodiscard]] const IniSection* find(std::string_view name) const;
  [[nodiscard]] IniSection* find(std::string_view name);

  /// Merges `other` over this one, as reading a further file does: sections merge, later keys win.
  void merge(IniDocument other);

  friend bool operator==(const IniDocument&, const IniDocument&) = default;
};

}  // namespace sv::config
