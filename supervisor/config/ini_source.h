#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "config/config_error.h"
#include "config/ini_document.h"

/// The bounded feeder in front of inih and the only place that knows inih (traps and reasons:
/// docs/design/configuration.md). inih tokenises; the feeder guarantees that what it sees always
/// fits, that nothing is truncated and that every value has its exact line.
///
/// The dialect is the reference product's (supervisor-config, section 1), tested against its parser
/// by tests/conformance/ini_diff. Wanted differences: the leftmost mark that can start a comment
/// does; a NUL byte is refused; a key is lower-cased character by character, in the scripts that
/// sv::unicode_lower knows; the position in a complaint about UTF-8 counts from the start of the
/// file. A byte order mark is text, as in the reference, so a file that starts with one has no
/// header in its first line and is refused.
namespace sv::config {

struct IniLimits {
  std::size_t file_bytes = 4UL * 1024 * 1024;
  /// Cleaned lines up to this length go to inih verbatim, longer ones are parked. 0 parks every
  /// line, which is how tests exercise that path. inih's buffer is a further bound.
  std::size_t verbatim_bytes = 180;
};

/// Parses the text of one file. `file` is only used for messages and positions; the result does
/// not refer to `text`.
///
/// Exactly one error is returned. It has the reference's complete wording, over several lines:
/// "File contains no section headers. ..." for the first line that needs a section and has none,
/// "Source contains parsing errors: ..." for all bad lines of a file, each with its number and its
/// text. ConfigError::line is the first bad line. Other refusals: bytes that are not UTF-8 (the
/// reference's text), a NUL byte, more than `file_bytes`.
///
/// `only`, unless empty, names the sections that are kept. The others are checked as well, but cost
/// no memory.
[[nodiscard]] tl::expected<IniDocument, ConfigErrors> parse_ini(
    std::string_view text, const std::string& file, const IniLimits& limits = {},
    std::span<const std::string_view> only = {});

/// Reads and parses a file of any kind (a pipe too) up to the limit. Missing, or in a directory
/// that cannot be searched: "could not find config file <path>"; there but unreadable, or a
/// directory: "could not read config file <path>".
[[nodiscard]] tl::expected<IniDocument, ConfigErrors> read_ini_file(
    const std::string& path, const IniLimits& limits = {},
    std::span<const std::string_view> only = {});

}  // namespace sv::config
