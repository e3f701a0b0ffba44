#include "os/daemonize.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sv::os {
namespace {

[[noreturn]] void wait_for_verdict(pid_t child, const UniqueFd& verdict) {
  char byte = 0;
  ssize_t got = 0;
  do {
    got = ::read(verdict.get(), &byte, 1);
  } while (got < 0 && errno == EINTR);
  if (got == 1) {
    ::_exit(0);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

}  // namespace

Result<Background> Background::split() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    return fail_errno(errno, "cannot go to the background");
  }
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) {
    return fail_errno(errno, "cannot go to the background");
  }
  if (child > 0) {
    writer.reset();
    wait_for_verdict(child, reader);
  }
  return Background(std::move(writer));
}

Result<void> Background::ready() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) {
    return fail_errno(errno, "cannot open /dev/null");
  }
  for (const int fd : {0, 1, 2}) {
    if (::dup2(null.get(), fd) < 0) {
      return fail_errno(errno, "cannot detach from the terminal");
    }
  }
  (void)::setsid();  // fails only for a group leader, which a fresh fork is not
  const char byte = 1;
  (void)!::write(verdict_.get(), &byte, 1);  // a starter that is gone needs no answer
  verdict_.reset();
  return {};
}

}  // namespace sv::os
