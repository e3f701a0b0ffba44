#include "ctl/credentials.h"

#include <fcntl.h>
#include <termios.h>

#include "base/unique_fd.h"

namespace sv::ctl {
namespace {

/// Switches echo off for its lifetime.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), changed_(::tcgetattr(fd, &before_) == 0) {
    if (changed_) {
      termios quiet = before_;
      quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      ::tcsetattr(fd_, TCSAFLUSH, &quiet);
    }
  }
  ~EchoOff() {
    if (changed_) {
      ::tcsetattr(fd_, TCSAFLUSH, &before_);
    }
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  int fd_;
  termios before_{};
  bool changed_;
};

}  // namespace

Outcome<std::string> ask_password(Console& console, std::string_view prompt,
                                  Interrupts* interrupts) {
  const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  LineInput terminal_in(terminal.get());
  Output terminal_out(terminal ? terminal.get() : 2);
  LineInput& in = terminal ? terminal_in : console.in;
  console.out.flush();
  terminal_out.write(prompt);
  terminal_out.flush();
  std::string line;
  LineInput::Status status = LineInput::Status::end;
  {
    const EchoOff quiet(in.fd());
    status = in.read_line(line, interrupts);
  }
  if (terminal) {
    terminal_out.line("");  // the user's own line feed was not echoed
  }
  switch (status) {
    case LineInput::Status::line:
      return line;
    case LineInput::Status::interrupted:
      return failed(Interrupted{});
    case LineInput::Status::end:
      break;
  }
  return failed(OtherFailure{"EOFError", {}});
}

}  // namespace sv::ctl
