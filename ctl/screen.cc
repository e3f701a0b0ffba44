#include "ctl/screen.h"

#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

namespace sv::ctl {
namespace {

constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\n\x1b[J";

}  // namespace

bool Screen::is_possible(int in, int out) {
  return ::isatty(in) != 0 && ::isatty(out) != 0;
}

Screen::Screen(int in, Output& out) : in_(in), out_(out) {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGHUP, SIGWINCH, SIGTSTP}) {
    sigaddset(&set, number);
  }
  sigprocmask(SIG_BLOCK, &set, &mask_before_);
  signals_.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  ::tcgetattr(in_, &before_);
  enter();
}

Screen::~Screen() {
  leave();
  sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
}

Screen::Size Screen::size() const {
  winsize window{};
  if (::ioctl(in_, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) {
    return {};
  }
  return {window.ws_row, window.ws_col};
}

void Screen::show(const std::string& text) {
  out_.write(kHome);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    // Before the text: behind one that fills the line it would take the last character away.
    out_.write(kClearLine);
    out_.write(rest.substr(0, end));
    if (end == std::string_view::npos || end + 1 == rest.size()) {
      break;  // a line feed on the last row would scroll
    }
    out_.write("\n");
    rest.remove_prefix(end + 1);
  }
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
                     (text.ends_with('\n') ? 0 : 1);
  if (lines < size().rows) {
    out_.write(kClearBelow);
  }
  out_.flush();
}

bool Screen::handle_signal() {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return true;
  }
  switch (static_cast<int>(info.ssi_signo)) {
    case SIGWINCH:
      return true;
    case SIGTSTP:
      leave();
      ::raise(SIGSTOP);  // goes on here when the shell says so
      enter();
      return true;
    default:
      return false;
  }
}

void Screen::enter() {
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  ::tcsetattr(in_, TCSADRAIN, &raw);
  out_.write(kEnter);
  out_.flush();
}

void Screen::leave() noexcept {
  out_.write(kLeave);
  out_.flush();
  ::tcsetattr(in_, TCSADRAIN, &before_);
}

}  // namespace sv::ctl
