#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The little Unicode that configuration files need: the reference product's notion of white
/// space, and lower case for scripts whose mapping is regular. No locale.
namespace sv {

/// A decoded character and the bytes it takes. Length 0: there is none, or it is not valid UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;

  friend bool operator==(const CodePoint&, const CodePoint&) = default;
};

[[nodiscard]] CodePoint first_code_point(std::string_view text);
[[nodiscard]] CodePoint last_code_point(std::string_view text);

/// `c` must be a character: not above U+10FFFF, not a surrogate.
void append_utf8(std::string& out, char32_t c);

/// White space as Python's str.isspace() has it: ASCII space, U+001C-U+001F, NEL, NBSP, U+2028 ...
[[nodiscard]] bool is_unicode_space(char32_t c);

// Trimming by is_unicode_space().
[[nodiscard]] std::string_view trim_unicode(std::string_view text);
[[nodiscard]] std::string_view trim_unicode_left(std::string_view text);
[[nodiscard]] std::string_view trim_unicode_right(std::string_view text);

/// Lower case, character by character, for ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic
/// (the last two without their historic letters). Everything else, invalid bytes too, is kept.
/// Unlike in Python a capital sigma never becomes the final form.
[[nodiscard]] std::string unicode_lower(std::string_view text);

/// The first place where bytes are not UTF-8.
struct Utf8Error {
  std::size_t position = 0;  ///< offset in bytes
  /// In Python's words: "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte".
  std::string message;

  friend bool operator==(const Utf8Error&, const Utf8Error&) = default;
};

/// nullopt when all of it is valid.
[[nodiscard]] std::optional<Utf8Error> find_utf8_error(std::string_view bytes);

}  // namespace sv
