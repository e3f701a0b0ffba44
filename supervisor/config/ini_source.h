#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "config/config_error.h"
#include "config/ini_document.h"

/// The bounded feeder in front of inih and the only place that knows inih (traps and reasons:
/// docs/design/configuration.md). inih tokenises; the feeder guarantees that what it sees always
/// fits, that nothing is truncated and that every value has its exact line.
namespace sv::config {

struct IniLimits {
  std::size_t file_bytes = 4UL * 1024 * 1024;
  /// Lines up to this length go to inih verbatim; longer ones are parked. 0 parks every line,
  /// which is how tests exercise that path.
  std::size_t verbatim_bytes = 180;
};

/// Parses the text of one file. `file` is only used for messages and positions.
/// Errors carry the reference's wording ("File contains no section headers. ...", "Source contains
/// parsing errors: ..."), every bad line of the file in one message, each with its own line.
[[nodiscard]] tl::expected<IniDocument, ConfigErrors> parse_ini(std::string_view text,
                                                                const std::string& file,
                                                                const IniLimits& limits = {});

/// Reads and parses a file. Missing: "could not find config file <path>"; unreadable: "could not
/// read config file <path>".
[[nodiscard]] tl::expected<IniDocument, ConfigErrors> read_ini_file(const std::string& path,
                                                                    const IniLimits& limits = {});

}  // namespace sv::config
