#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace sv::shell {

/// What the file says: lines "key=value".
struct RunMarkText {
  std::string started;
  std::string host;
  std::string process;                 ///< tells runs apart
  std::optional<std::uint64_t> kills;  ///< the kernel's counter at the beginning

  friend bool operator==(const RunMarkText&, const RunMarkText&) = default;
};

/// Of any file: what is missing or no number is left out, of equal keys the first counts.
[[nodiscard]] RunMarkText read_run_mark(std::string_view text);
/// Values without line feeds are read as they were written.
[[nodiscard]] std::string write_run_mark(const RunMarkText& mark);

/// A file beside the notices that says that a run is under way. It is taken away by an end that is
/// as it should be; one that is found at a start tells of a run that ended otherwise: killed, or
/// with its whole container. Only of use where the directory outlives the container.
class RunMark {
 public:
  static constexpr const char* kName = ".modinit-run";

  /// No directory: nothing is marked.
  explicit RunMark(std::optional<std::string> directory);

  struct Previous {
    std::string text;                    ///< when and where it began, for people
    std::optional<std::uint64_t> kills;  ///< the kernel's counter at its beginning
  };
  /// Marks this run. What is left of an earlier one, if it did not end as it should.
  /// The directory is created if need be; one that cannot be written to is no error: then nothing
  /// is marked.
  [[nodiscard]] std::optional<Previous> begin(WallTime now, std::optional<std::uint64_t> kills);

  void remove() noexcept;

 private:
  std::optional<std::string> directory_;
};

}  // namespace sv::shell
