#include "shell/notice_sinks.h"

#include <fcntl.h>

#include <cerrno>
#include <exception>

#include "base/text.h"
#include "base/unique_fd.h"
#include "navi/notice_text.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

/// Nothing has ended by these.
bool is_the_end(const navi::Notice& notice) {
  using navi::Kind;
  return notice.kind == Kind::crash || notice.kind == Kind::fatal || notice.kind == Kind::oom;
}

}  // namespace

void TerminationLog::send(const navi::Notice& notice, const std::string& /*json*/) noexcept {
  if (!is_the_end(notice)) {
    return;
  }
  try {
    const std::string text = navi::last_message(notice, kMaxBytes);
    const UniqueFd file(::open(
        path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644));
    const int err = file ? os::write_all(file.get(), text).err : errno;
    if (err != 0) {
      log_.warn(cat({"cannot write to termination_log ", path_, ": ", errno_text(err)}));
    }
  } catch (const std::exception& problem) {
    log_.warn(cat({"termination_log: ", problem.what()}));
  }
}

void NoticeLine::send(const navi::Notice& notice, const std::string& /*json*/) noexcept {
  try {
    static_cast<void>(output_.write(cat({"navi: ", navi::headline(notice), "\n"})));
  } catch (const std::exception&) {
    return;  // no memory for a line: the others tell
  }
}

}  // namespace sv::shell
