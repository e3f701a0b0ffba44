// Configured credentials are admitted exactly when they are presented, whatever they look like; a
// random header admits nobody. Base64 survives a round trip.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "wire/basic_auth.h"
#include "wire/sha1.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_pair(std::string_view username, std::string_view password) {
  const std::string presented = sv::wire::basic_authorization(username, password);
  const bool is_presentable = username.find(':') == std::string_view::npos &&
                              sv::is_valid_utf8(username) && sv::is_valid_utf8(password);
  const std::string hashed = "{SHA}" + sv::wire::sha1_hex(password);
  require(sv::wire::is_authorized(&presented, username, hashed) ==
          (is_presentable || username.empty()));
  if (!password.starts_with("{SHA}")) {
    require(sv::wire::is_authorized(&presented, username, password) ==
            (is_presentable || username.empty()));
  }
  require(!sv::wire::is_authorized(&presented, "another", password) || username == "another");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require(sv::wire::base64_decode(sv::wire::base64_encode(text)) == text);
  const std::size_t cut = std::min(text.find('\n'), text.size());
  check_pair(text.substr(0, cut), text.substr(std::min(cut + 1, text.size())));
  const std::string header(text);
  require(!sv::wire::is_authorized(&header, "nobody", "a password no input has: \xC3\xA9\x01"));
  return 0;
}
