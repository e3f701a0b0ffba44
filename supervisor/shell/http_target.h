#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace sv::shell {

/// Where notices are posted to, understood when the daemon starts: resolving a name later would
/// hold up everything.
struct HttpTarget {
  sockaddr_storage address{};
  socklen_t address_size = 0;
  std::string host;  ///< for the header
  std::string path;

  /// "http://HOST[:PORT][/PATH]" with a numeric HOST, localhost or a name of `hosts`, the text of
  /// /etc/hosts; or "unix:///SOCKET" (posted to "/").
  [[nodiscard]] static Result<HttpTarget> parse(std::string_view url, std::string_view hosts);
};

/// What a server said of a notice that was posted.
enum class PostOutcome {
  taken,    ///< any 2xx
  refused,  ///< for good: 4xx but 408 and 429
  later,    ///< everything else, and what is no answer
};

/// Judges an answer by its first line; what stands behind it does not matter.
[[nodiscard]] PostOutcome judge_answer(std::string_view answer);

}  // namespace sv::shell
