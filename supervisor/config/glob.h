#pragma once

#include <string>
#include <string_view>
#include <vector>

/// File name patterns of [include] (supervisor-config, section 6). glob(3) is not used: it drags
/// the user database into static binaries, and it treats a backslash as an escape.
namespace sv::config {

/// Whether one path component matches: `*`, `?`, `[abc]`, `[a-z]`, `[!abc]`. An unclosed bracket
/// is an ordinary character, `?` and brackets match one code point, there are no escapes. A leading
/// dot is matched only by a pattern that begins with one.
[[nodiscard]] bool matches_component(std::string_view name, std::string_view pattern);

/// Existing paths that match, sorted by bytes. Paths are spelled as the pattern spells them
/// ("a//b", "a/../b"). A pattern without wildcards gives itself when it exists.
[[nodiscard]] std::vector<std::string> glob(std::string_view pattern);

}  // namespace sv::config
