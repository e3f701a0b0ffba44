#pragma once

#include <string>
#include <vector>

namespace sv::shell {

/// A regular file, or a link to one, that we may execute.
[[nodiscard]] bool is_script(const std::string& path);

/// The scripts of a directory in byte order of their names, as full paths. Everything else in it is
/// ignored; a directory that is not there has none.
[[nodiscard]] std::vector<std::string> scripts_in(const std::string& directory);

}  // namespace sv::shell
