#pragma once

#include <span>
#include <string>

namespace sv::shell {

/// `modinit doctor [-c FILE]`: tells on standard output what this container permits and which
/// settings of the configuration cannot work in it. Starts nothing, writes nothing. Becomes the
/// configured user, as the daemon would, before it asks what can be written.
///
/// Exit status: 0 all can work, 1 something cannot, 2 bad option or configuration.
[[nodiscard]] int run_doctor(const std::string& program, std::span<const std::string> arguments);

}  // namespace sv::shell
