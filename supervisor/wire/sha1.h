#pragma once

#include <string>
#include <string_view>

namespace sv::wire {

/// SHA-1 (FIPS 180-4) as 40 lower-case hex digits.
///
/// Only for passwords configured as "{SHA}<hex>", a format that cannot be changed. It is written
/// here because a cryptographic library would be larger than the whole supervisor; a digest that
/// is broken for signatures deserves no second use.
[[nodiscard]] std::string sha1_hex(std::string_view bytes);

}  // namespace sv::wire
