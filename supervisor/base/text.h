#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sv {

// Text helpers without locale. "Space" is ASCII white space: space, \t \n \v \f \r.

[[nodiscard]] bool is_ascii_space(char c);
[[nodiscard]] std::string_view trim(std::string_view text);
[[nodiscard]] std::string ascii_lower(std::string_view text);
[[nodiscard]] std::string ascii_upper(std::string_view text);

/// Pieces between separators, empty ones included; "" gives one empty piece.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Runs of non-space characters; "" gives none.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);

/// Concatenation of pieces; one allocation.
[[nodiscard]] std::string cat(std::initializer_list<std::string_view> pieces);

[[nodiscard]] std::string join(const std::vector<std::string>& pieces, std::string_view separator);

// UTF-8 -----------------------------------------------------------------------------------------

[[nodiscard]] bool is_valid_utf8(std::string_view bytes);

/// Code points in valid UTF-8 (Supervisor's event envelope announces lengths in these).
[[nodiscard]] std::size_t utf8_length(std::string_view text);

/// Valid UTF-8: every byte that is not part of a valid sequence becomes U+FFFD.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);

// Python's notation, which the reference product prints in messages
// --------------------------------

/// A str literal as Python's repr() prints it: 'text', or "te'xt" when it contains ' but no ".
/// Invalid UTF-8 bytes are printed as \xNN.
[[nodiscard]] std::string python_repr(std::string_view text);

/// A bytes literal: b'\xffx\n'.
[[nodiscard]] std::string python_bytes_repr(std::string_view bytes);

}  // namespace sv
