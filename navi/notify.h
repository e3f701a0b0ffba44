#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"

namespace sv::navi {

struct NoticeWriterOptions {
  std::string directory;
  /// Wait until a notice has reached the disk before it gets its name.
  bool sync = true;
  /// The oldest notices are removed beyond these. Only files with the name and the beginning of one
  /// of ours count and are removed. 0: no limit.
  std::size_t max_files = 1000;
  std::uint64_t max_bytes = std::uint64_t{8} * 1024 * 1024;
};

/// Writes notices into a directory, one file each (init-and-images, 4.5 and 4.6).
///
/// A file appears under its name complete, never replaces another and is readable by everybody.
/// Names are seconds since the epoch, "1795400754.json", and strictly increasing: when a second is
/// taken the next number is used, and a number that was in the directory when it was opened, or was
/// used since, is not used again even if a reader has removed the file.
///
/// Nothing is kept open between calls, so the directory may vanish and return. Blocks only on the
/// file system. Errors are returned; nothing is left behind then but the notice is not kept either:
/// NoticeQueue does that. Not thread-safe; one writer per directory, others are tolerated.
class NoticeWriter {
 public:
  /// How many names that are taken are passed over for one notice.
  static constexpr int kMaxNameAttempts = 1000;
  /// How many old notices one call removes at most.
  static constexpr std::size_t kMaxRemovals = 256;

  explicit NoticeWriter(NoticeWriterOptions options);

  /// Writes one notice and returns its path. `now` gives the name.
  [[nodiscard]] Result<std::string> write(std::string_view content, WallTime now);

  [[nodiscard]] const std::string& directory() const { return options_.directory; }

 private:
  struct Identity {
    dev_t device = 0;
    ino_t inode = 0;

    friend bool operator==(const Identity&, const Identity&) = default;
  };

  Result<UniqueFd> enter();
  Result<void> look_around(int directory);
  Result<std::string> write_temporary(int directory, std::string_view content);
  Result<std::string> publish_next(int directory, const std::string& temporary, WallTime now);
  int publish_as(int directory, const std::string& temporary, const std::string& name);
  void count_written(int directory, std::size_t bytes);
  void remove_oldest(int directory);

  NoticeWriterOptions options_;
  Identity identity_;  ///< of the directory look_around() saw last
  std::int64_t last_number_ = -1;
  std::uint64_t temporaries_ = 0;  ///< created since the start
  // What is in the directory by our count; readers may have removed some of it.
  std::size_t files_ = 0;
  std::uint64_t bytes_ = 0;
  bool sizes_known_ = false;  ///< bytes_ includes the files that were there before us
};

}  // namespace sv::navi
