#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

/// Small file operations. Paths are taken as they are, relative ones to the working directory.
namespace sv::os {

/// Replaces a file as a whole: readers see the old content or the new one. The new file is created
/// beside it with `mode` minus the umask, never through an existing name. Not synced to disk.
Result<void> write_file_atomically(const std::string& path, std::string_view content, mode_t mode);

/// Opens for appending: O_APPEND, close-on-exec, created with `mode` minus the umask. Does not
/// block on a FIFO without a reader (ENXIO) and takes no terminal. Error: an errno value.
[[nodiscard]] tl::expected<UniqueFd, int> open_append(const std::string& path, mode_t mode);

/// Writes everything, going on after short writes and EINTR. Returns how much was written, and
/// in `err` why it is not all (0: it is).
[[nodiscard]] std::size_t write_all(int fd, std::string_view bytes, int& err) noexcept;

/// Decimal pid and line feed, replacing what is there (supervisor-config, 9.5).
Result<void> write_pidfile(const std::string& path, pid_t pid);

/// Removes the pid file if it still holds our pid.
void remove_pidfile(const std::string& path, pid_t pid) noexcept;

/// The size of a regular file. not_found when there is none.
[[nodiscard]] Result<std::uint64_t> file_size(const std::string& path);

/// At most `length` bytes from `offset`, fewer at the end of the file. Regular files only, so that
/// a log that is a pipe cannot block the reader.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t offset,
                                            std::uint64_t length);

}  // namespace sv::os
