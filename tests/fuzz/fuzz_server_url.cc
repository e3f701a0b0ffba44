// Input: a server URL. Properties: whatever is understood has a host or a path out of the text, and
// an http URL that is understood, written anew, means the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "wire/server_url.h"

namespace {

using sv::wire::InetEndpoint;
using sv::wire::ServerUrl;

std::string write(const InetEndpoint& endpoint) {
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" +
         std::to_string(endpoint.port);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)sv::wire::check_url(text);
  const sv::Result<ServerUrl> url = sv::wire::parse_server_url(text);
  if (!url) {
    return 0;
  }
  if (const auto* unix_endpoint = std::get_if<sv::wire::UnixEndpoint>(&*url)) {
    if ("unix://" + unix_endpoint->path != text) {
      std::abort();
    }
    return 0;
  }
  const auto& inet = std::get<InetEndpoint>(*url);
  // Brackets inside of brackets cannot be written again; everything else can.
  const bool odd = inet.host.find_first_of("[]@") != std::string::npos;
  if (inet.host.empty() || (!odd && sv::wire::parse_server_url(write(inet)) != url)) {
    std::abort();
  }
  return 0;
}
