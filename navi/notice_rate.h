#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace sv::navi {

/// How many notices of one origin are written in a stretch of time: a program that crashes all the
/// time is told about, not filed. What is an origin is the caller's choice; one for each program
/// and kind lets crashes never suppress what is worse.
class NoticeRate {
 public:
  /// Origins that are told apart; all others share one account.
  static constexpr std::size_t kMostOrigins = 4096;

  /// At most `limit` in any `window`; a limit of 0: no limit.
  NoticeRate(std::size_t limit, std::chrono::seconds window) : limit_(limit), window_(window) {}

  /// Whether a notice may be written now. If so: how many of this origin were not, since the last
  /// one that was.
  [[nodiscard]] std::optional<std::uint64_t> admit(const std::string& origin, MonoTime now);

 private:
  struct Account {
    std::deque<MonoTime> written;  ///< within the window
    std::uint64_t suppressed = 0;
  };

  std::size_t limit_;
  std::chrono::seconds window_;
  std::map<std::string, Account> accounts_;
};

}  // namespace sv::navi
