#include "shell/drop_report.h"

#include <cerrno>
#include <exception>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace sv::shell {

DropReport::DropReport(ActivityLog& log, const Clock& clock, std::string target)
    : log_(log), clock_(clock), target_(std::move(target)) {}

DropReport::~DropReport() {
  if (err_ != 0) {
    report();
  }
}

void DropReport::add(std::uint64_t bytes, int err) noexcept {
  if (err == 0) {
    return;
  }
  bytes_ += bytes;
  err_ = err;
  const MonoTime now = clock_.now().mono;
  if (!last_report_ || now - *last_report_ >= kInterval) {
    last_report_ = now;
    report();
  }
}

void DropReport::report() noexcept {
  try {
    const std::string reason = err_ == EAGAIN ? "the reader is too slow" : errno_text(err_);
    std::string text = cat({"cannot write to ", target_, ": ", reason});
    if (bytes_ > 0) {
      text += cat({" (", std::to_string(bytes_), " bytes dropped)"});
    }
    log_.error(text);
  } catch (const std::exception&) {  // out of memory; the count goes on
    return;
  }
  bytes_ = 0;
  err_ = 0;
}

}  // namespace sv::shell
