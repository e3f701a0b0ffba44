#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

/// Quoting as a POSIX shell has it, shared by command lines and environment lists.
namespace sv::config {

/// The characters that separate words: space, tab, carriage return, line feed.
[[nodiscard]] bool is_word_space(char c);

/// Whether `c` starts a quoted piece or an escape: ' " or a backslash.
[[nodiscard]] bool is_quoting(char c);

/// Takes the quoted piece or the escape at the start of `rest`, which must not be empty, and
/// appends what it stands for to `word`: '...' literally, "..." with \" and \\ replaced and other
/// backslashes kept, \c as c. Errors: "No closing quotation", "No escaped character".
[[nodiscard]] Result<void> take_quoted(std::string_view& rest, std::string& word);

}  // namespace sv::config
