#include "ctl/watch.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>

#include "base/text.h"
#include "ctl/render.h"
#include "ctl/screen.h"
#include "ctl/state_changes.h"

namespace sv::ctl {
namespace {

using std::chrono::seconds;
using Ask = std::function<Outcome<std::vector<WatchedProgram>>()>;

/// An answer that takes longer is as good as none.
constexpr seconds kAnswerWithin{5};

class Watch {
 public:
  Watch(Session& session, const Ask& ask)
      : session_(session),
        ask_(ask),
        interrupts_before_(session.interrupts()),
        screen_(session.console().in.fd(), session.console().out) {
    session_.set_interrupts(&interrupts_);
  }

  ~Watch() { session_.set_interrupts(interrupts_before_); }

  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void run() {
    do {
      const MonoTime now = SystemClock().now().mono;
      if (!ask_at_ || *ask_at_ <= now) {
        ask();
      }
      show();
    } while (!leaves_ && wait());
  }

 private:
  void ask() {
    session_.set_deadline(SystemClock().now().mono + kAnswerWithin);
    if (!changes_) {
      changes_.emplace(session_.endpoint(), session_.patience());
    }
    auto answer = ask_();
    asked_ = SystemClock().now().mono;
    if (answer) {
      programs_ = std::move(*answer);
      notice_.clear();
    } else if (std::holds_alternative<Interrupted>(answer.error())) {
      leaves_ = true;
    } else {
      notice_ =
          cat({session_.endpoint().server_url, ": ", reason_of(answer.error()), "; trying again"});
      changes_.reset();
    }
    const bool is_told = changes_ && changes_->is_pushed();
    ask_at_ = is_told ? MonoTime::max() : asked_ + seconds(1);
  }

  // Uptimes go on by themselves, but not those of a daemon that is gone.
  void show() {
    const auto later = notice_.empty()
                           ? std::chrono::floor<seconds>(SystemClock().now().mono - asked_)
                           : seconds(0);
    std::vector<StatusRow> rows;
    for (const WatchedProgram& program : programs_) {
      rows.push_back(row_later(program, later.count()));
    }
    const Screen::Size size = screen_.size();
    first_row_ = scrolled(first_row_, 0, rows.size(), size);
    screen_.show(watch_frame({session_.endpoint().server_url, notice_, rows, first_row_, size},
                             session_.settings().palette));
  }

  // Waits for something to do; false: leave.
  bool wait() {
    std::array<pollfd, 4> fds{{{interrupts_.fd(), POLLIN, 0},
                               {screen_.signal_fd(), POLLIN, 0},
                               {session_.console().in.fd(), POLLIN, 0},
                               {changes_ ? changes_->fd() : -1, POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), milliseconds_to_next()) < 0) {
      return errno == EINTR;
    }
    if (fds[0].revents != 0 && interrupts_.take()) {
      return false;
    }
    if (fds[1].revents != 0 && !screen_.handle_signal()) {
      return false;
    }
    if (fds[3].revents != 0 && changes_->take()) {
      ask_at_.reset();
    }
    return fds[2].revents == 0 || read_keys();
  }

  // Until the uptimes change, or until it is time to ask.
  [[nodiscard]] int milliseconds_to_next() const {
    using std::chrono::milliseconds;
    if (!ask_at_) {
      return 0;
    }
    const MonoTime now = SystemClock().now().mono;
    const Duration to_tick = seconds(1) - (now - asked_) % Duration(seconds(1));
    const Duration to_question = *ask_at_ == MonoTime::max() ? to_tick : *ask_at_ - now;
    const Duration left = std::max(std::min(to_tick, to_question), Duration::zero());
    return static_cast<int>(std::chrono::ceil<milliseconds>(left).count());
  }

  bool read_keys() {
    std::array<char, 256> bytes;
    const ssize_t count = ::read(session_.console().in.fd(), bytes.data(), bytes.size());
    if (count <= 0) {
      return count < 0 && errno == EINTR;
    }
    const auto page = static_cast<std::ptrdiff_t>(page_rows(screen_.size()));
    for (const WatchKey key : watch_keys({bytes.data(), static_cast<std::size_t>(count)})) {
      switch (key) {
        case WatchKey::quit:
          return false;
        case WatchKey::up:
          scroll(-1);
          break;
        case WatchKey::down:
          scroll(1);
          break;
        case WatchKey::page_up:
          scroll(-page);
          break;
        case WatchKey::page_down:
          scroll(page);
          break;
      }
    }
    return true;
  }

  void scroll(std::ptrdiff_t rows) {
    first_row_ = scrolled(first_row_, rows, programs_.size(), screen_.size());
  }

  Session& session_;
  const Ask& ask_;
  Interrupts* interrupts_before_;
  Interrupts interrupts_;
  Screen screen_;
  std::optional<StateChanges> changes_;
  std::vector<WatchedProgram> programs_;
  std::string notice_;
  MonoTime asked_;
  std::optional<MonoTime> ask_at_;  ///< nullopt: at once; max(): when the daemon says so
  std::size_t first_row_ = 0;
  bool leaves_ = false;
};

}  // namespace

void watch_status(Session& session, const Ask& ask) {
  Watch(session, ask).run();
}

}  // namespace sv::ctl
