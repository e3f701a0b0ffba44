// Percent-encoding survives a round trip; decoding never grows; forms have no empty values.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/http_message.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string encoded = sv::wire::percent_encode(text);
  require(sv::wire::percent_decode(encoded) == text);
  require(encoded.find_first_of("?#&=+ \r\n") == std::string::npos);
  require(sv::wire::percent_decode(text).size() <= text.size());
  std::size_t form_bytes = 0;
  for (const auto& [name, value] : sv::wire::parse_form(text)) {
    require(!value.empty());
    form_bytes += name.size() + value.size() + 1;
  }
  require(form_bytes <= text.size());
  return 0;
}
