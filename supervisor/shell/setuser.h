#pragma once

#include <span>
#include <string>

namespace sv::shell {

/// setuser USERNAME COMMAND [ARG...]: the command as that user, in this very process
/// (init-and-images, 1.11). Returns only when that failed: the exit status, 1.
///
/// Groups, gid and uid are the user's; USER, HOME and UID are set, everything else is inherited.
[[nodiscard]] int run_setuser(const std::string& program, std::span<const std::string> arguments);

}  // namespace sv::shell
