#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/result.h"
#include "base/unique_fd.h"
#include "core/log_rotation.h"

namespace sv::shell {

/// One regular file that is appended to and rotated (supervisor-config, sections 10 and 14.1).
///
/// Always O_APPEND, so several writers of one file do not overwrite each other. They do not rotate
/// it twice either: before a rotation the name is looked up, and when it is another file by now,
/// that file is opened instead.
class LogFile {
 public:
  struct Options {
    std::string path;
    core::RotationLimits limits;
    mode_t mode = 0666;  ///< of files created here, minus the umask
  };

  /// Takes over a regular file that was opened for appending under `options.path`.
  LogFile(UniqueFd fd, Options options);

  /// Opens or creates. The error is an errno value; EINVAL: not a regular file.
  [[nodiscard]] static tl::expected<std::unique_ptr<LogFile>, int> open(Options options);

  /// What became of a write. Bytes may be lost (full disk), or everything was written but the
  /// rotation after it failed; then the old file goes on being used.
  struct Outcome {
    std::size_t dropped = 0;
    int err = 0;
  };
  Outcome write(std::string_view bytes) noexcept;

  /// Opens by name again; returns 0 or an errno value, and then keeps what was open.
  [[nodiscard]] int reopen() noexcept;

  /// Empties the file of that name.
  Result<void> clear() noexcept;

  [[nodiscard]] const std::string& path() const noexcept { return options_.path; }

 private:
  [[nodiscard]] int rotate() noexcept;
  [[nodiscard]] int move_aside() const;
  [[nodiscard]] bool still_at_path() const noexcept;

  UniqueFd fd_;
  Options options_;
  std::uint64_t quiet_until_ = 0;  ///< after a failed rotation: no attempt below this size
};

}  // namespace sv::shell
