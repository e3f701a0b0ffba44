#pragma once

#include <string>
#include <vector>

namespace sv::os {

/// Becomes another program: argv[0] is looked for in PATH unless it contains a slash, the way
/// execvp() does it but without falling back to a shell. Signal dispositions and the mask stay.
/// Returns only on failure, with the errno value of the first entry that had the file, else ENOENT.
[[nodiscard]] int execute(const std::vector<std::string>& argv);

}  // namespace sv::os
