#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

/// The environment store of /etc/container_environment as values (init-and-images, 1.6): a file per
/// variable, and two dumps for shells and for programs. Nothing here touches a file.
///
/// Names and values are bytes. What cannot be a variable is refused by name, never fatal.
namespace sv::init {

/// As in environ, in its order, each name once.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// The kernel takes no longer "NAME=value" string (MAX_ARG_STRLEN, with its NUL).
inline constexpr std::size_t kLongestVariable = std::size_t{128} * 1024 - 1;

/// Files of the store that are looked at.
inline constexpr std::size_t kMostVariables = 10000;

/// A file of the store as read.
struct StoredFile {
  std::string name;
  std::string content;
};

/// What a file says: its content without one line end. The error says why it is no variable: an
/// empty name, '=' in the name, a NUL byte in the value, more than the kernel takes.
[[nodiscard]] Result<std::pair<std::string, std::string>> variable_of(const StoredFile& file);

/// The content of the file that gives this value back.
[[nodiscard]] std::string file_content(std::string_view value);

/// Whether a variable of this name can be a file: no '/', not "." or "..", not empty.
[[nodiscard]] bool can_be_file(std::string_view name);

/// Variables that describe who runs, not what is configured; they are not written to the store and
/// not to the shell's dump: HOME USER GROUP UID GID SHELL.
[[nodiscard]] bool is_identity(std::string_view name);

/// At boot: what came with the container wins over the store.
[[nodiscard]] Variables import_at_boot(const Variables& environment, const Variables& stored);

/// After a start-up script: the store is the truth for every variable it has held. What it never
/// held - identity, what could not be written - stays as it is unless a file says otherwise;
/// `forget_identity` drops the identity all the same.
[[nodiscard]] Variables import_after_script(const Variables& environment,
                                            const std::set<std::string>& held,
                                            const Variables& stored, bool forget_identity);

/// Files to write at boot: what the store does not have, or has otherwise.
[[nodiscard]] std::vector<StoredFile> files_to_write(const Variables& environment,
                                                     const Variables& stored);

/// container_environment.sh: an export line per variable but for the identity. Characters that
/// cannot be in a shell's variable name become '_'; a name that begins with a digit is left out.
[[nodiscard]] std::string shell_dump(const Variables& environment);

/// container_environment.json: one object of all variables, ASCII only. A byte that is not UTF-8
/// becomes the surrogate U+DC80 to U+DCFF, which Python reads back as that byte.
[[nodiscard]] std::string json_dump(const Variables& environment);

}  // namespace sv::init
