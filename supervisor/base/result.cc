#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace sv {
namespace {

ErrorCode code_for(int err) {
  switch (err) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::permission_denied;
    case EEXIST:
    case EADDRINUSE:
      return ErrorCode::already_exists;
    case EAGAIN:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case ENOSPC:
      return ErrorCode::unavailable;
    case EINVAL:
      return ErrorCode::invalid_argument;
    default:
      return ErrorCode::io;
  }
}

}  // namespace

std::string errno_text(int err) {
  // glibc's *desc_np is never translated and never allocates.
  const char* text = ::strerrordesc_np(err);
  return text != nullptr ? text : "error " + std::to_string(err);
}

std::string errno_name(int err) {
  const char* name = ::strerrorname_np(err);
  return name != nullptr ? name : "errno " + std::to_string(err);
}

tl::unexpected<Error> fail_errno(int err, std::string_view what) {
  std::string message(what);
  message += ": ";
  message += errno_text(err);
  return fail(code_for(err), std::move(message));
}

}  // namespace sv
