#include "navi/notice_rate.h"

#include <utility>

namespace sv::navi {

std::optional<std::uint64_t> NoticeRate::admit(const std::string& origin, MonoTime now) {
  if (limit_ == 0) {
    return 0;
  }
  const bool is_known = accounts_.contains(origin);
  Account& account = accounts_[is_known || accounts_.size() < kMostOrigins ? origin : ""];
  while (!account.written.empty() && account.written.front() + window_ <= now) {
    account.written.pop_front();
  }
  if (account.written.size() >= limit_) {
    ++account.suppressed;
    return std::nullopt;
  }
  account.written.push_back(now);
  return std::exchange(account.suppressed, 0);
}

}  // namespace sv::navi
