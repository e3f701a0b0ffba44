#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Physical lines of a configuration file with their comments taken off: what has to be known
/// about a line before anybody asks what it means. Rules: supervisor-config, 1.1 to 1.3.
/// Private to config/ini_source.
namespace sv::config {

/// Views into the text given to IniLines.
struct IniLine {
  int number = 0;          ///< 1-based
  std::string_view raw;    ///< without its line end
  bool ended = false;      ///< a line end was there; only the last line may lack it
  std::string_view text;   ///< comment cut off, trimmed
  std::size_t indent = 0;  ///< leading white space of `raw` in characters, a tab counts one
  bool has_comment = false;

  /// The line as messages quote it: with its line end, which is LF however it was written.
  [[nodiscard]] std::string quoted() const;
};

/// Splits at LF, CR LF and lone CR. The text must outlive the lines.
class IniLines {
 public:
  explicit IniLines(std::string_view text) : rest_(text) {}

  /// nullopt at the end.
  [[nodiscard]] std::optional<IniLine> next();

 private:
  std::string_view rest_;
  int number_ = 0;
};

}  // namespace sv::config
