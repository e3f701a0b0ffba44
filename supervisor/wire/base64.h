#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sv::wire {

/// RFC 4648 alphabet with padding, on one line.
[[nodiscard]] std::string base64_encode(std::string_view bytes);

/// As lenient as the reference product's decoder: characters outside of the alphabet are skipped
/// (line breaks, mostly) and what follows the padding is ignored. nullopt when the padding is
/// missing or a lone digit is left over.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace sv::wire
