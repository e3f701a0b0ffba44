#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/log.h"
#include "base/time.h"

namespace sv::shell {

/// Reports lost output of one channel to the activity log: the first loss at once, further ones
/// together and at most once a minute, and what is unreported at the end.
class DropReport {
 public:
  static constexpr std::chrono::minutes kInterval{1};

  /// `target` names what could not be written to, for example "the log of 'web' stdout".
  DropReport(ActivityLog& log, const Clock& clock, std::string target);
  DropReport(const DropReport&) = delete;
  DropReport& operator=(const DropReport&) = delete;
  ~DropReport();

  /// `err` is an errno value; EAGAIN means that the reader is too slow. `bytes` may be 0 when
  /// something else than a write has failed.
  void add(std::uint64_t bytes, int err) noexcept;

 private:
  void report() noexcept;

  ActivityLog& log_;
  const Clock& clock_;
  std::string target_;
  std::uint64_t bytes_ = 0;  ///< since the last report
  int err_ = 0;              ///< 0: nothing to report
  std::optional<MonoTime> last_report_;
};

}  // namespace sv::shell
