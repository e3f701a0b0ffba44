#include "navi/notice_queue.h"

#include <algorithm>
#include <utility>

#include "navi/notice.h"

namespace sv::navi {

bool NoticeQueue::has_room(std::size_t bytes) const {
  return notices_.empty() || (notices_.size() < kMaxNotices && bytes_ + bytes <= kMaxBytes);
}

void NoticeQueue::push(std::string content) {
  while (!has_room(content.size())) {
    bytes_ -= notices_.front().size();
    notices_.pop_front();
    ++dropped_;
  }
  bytes_ += content.size();
  notices_.push_back(std::move(content));
}

NoticeQueue::Report NoticeQueue::flush(Now now) {
  Report report;
  while (!notices_.empty()) {
    if (!write_front(now, report)) {
      if (!report.written.empty()) {
        pause_ = Duration::zero();  // there is room now and then: somebody reads and removes
        deadline_.reset();
      }
      // An attempt that came early does not lengthen the pause.
      if (!deadline_ || now.mono >= *deadline_) {
        pause_ = std::clamp<Duration>(pause_ * 2, kFirstPause, kLongestPause);
        deadline_ = now.mono + pause_;
      }
      return report;
    }
  }
  deadline_.reset();
  pause_ = Duration::zero();
  return report;
}

/// Writes the oldest notice, and before it how many are missing.
bool NoticeQueue::write_front(Now now, Report& report) {
  const std::string loss =
      dropped_ > 0 ? render(notice_of_loss(dropped_, now.wall)) : std::string();
  const std::string& content = loss.empty() ? notices_.front() : loss;
  Result<std::string> path = write_(content, now.wall);
  if (!path) {
    report.error = std::move(path.error());
    return false;
  }
  report.written.push_back(std::move(*path));
  if (!loss.empty()) {
    dropped_ = 0;
    return true;
  }
  bytes_ -= notices_.front().size();
  notices_.pop_front();
  return true;
}

}  // namespace sv::navi
