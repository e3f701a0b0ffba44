#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/result.h"
#include "base/unique_fd.h"

/// Small file operations. Paths are taken as they are, relative ones to the working directory.
namespace sv::os {

/// Replaces a file as a whole: readers see the old content or the new one. The new file is created
/// beside it with `mode` minus the umask, never through an existing name. Only a regular file or a
/// symbolic link is replaced, never a device. Not synced to disk.
Result<void> write_file_atomically(const std::string& path, std::string_view content, mode_t mode);

/// write_file_atomically() for a file others were given access to: mode and owner of the one that
/// is there stay. A new file gets `mode`, whatever the umask, and `group`. Where no file can be
/// made beside it, or the name is a mount point, it is written in place.
Result<void> rewrite_file(const std::string& path, std::string_view content, mode_t mode,
                          std::optional<gid_t> group);

/// Opens for appending: O_APPEND, close-on-exec, created with `mode` minus the umask. Does not
/// block on a FIFO without a reader (ENXIO) and takes no terminal. Error: an errno value.
[[nodiscard]] tl::expected<UniqueFd, int> open_append(const std::string& path, mode_t mode);

struct Written {
  std::size_t bytes = 0;
  int err = 0;  ///< why it is not everything; 0: it is
};

/// Writes everything, going on after short writes and EINTR.
Written write_all(int fd, std::string_view bytes) noexcept;

/// Decimal pid and line feed over what is there (supervisor-config, 9.5). In place, because the
/// file may be /dev/null, or lie in a directory in which we may not create others.
Result<void> write_pidfile(const std::string& path, pid_t pid);

/// Removes the pid file if it still holds our pid.
void remove_pidfile(const std::string& path, pid_t pid) noexcept;

/// The size of a regular file. not_found when there is none.
[[nodiscard]] Result<std::uint64_t> file_size(const std::string& path);

/// At most `length` bytes from `offset`, fewer at the end of the file. Regular files only, so that
/// a log that is a pipe cannot block the reader.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t offset,
                                            std::uint64_t length);

/// Empties a regular file. not_found when there is none; anything else than a file is left alone.
Result<void> truncate_file(const std::string& path);

}  // namespace sv::os
