// Input: the value of http=, behind it, after a line feed, a file of hosts. Properties: what is
// understood has an address, and neither the host nor the path can add a line or a word to the
// request they are put into.

#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "shell/http_target.h"

namespace {

bool is_safe(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7F'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sv::shell::HttpTarget;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view hosts = input.substr(std::min(end + 1, input.size()));
  const auto target = HttpTarget::parse(input.substr(0, end), hosts);
  if (!target) {
    return 0;
  }
  const auto family = target->address.ss_family;
  const std::size_t wanted = family == AF_INET    ? sizeof(sockaddr_in)
                             : family == AF_INET6 ? sizeof(sockaddr_in6)
                             : family == AF_UNIX  ? sizeof(sockaddr_un)
                                                  : 0;
  if (target->address_size != wanted || !is_safe(target->host) || !is_safe(target->path) ||
      !target->path.starts_with('/')) {
    std::abort();
  }
  return 0;
}
