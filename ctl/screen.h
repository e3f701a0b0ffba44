#pragma once

#include <termios.h>

#include <csignal>
#include <cstddef>
#include <string>

#include "base/unique_fd.h"
#include "ctl/console.h"

namespace sv::ctl {

/// A terminal taken over for a display: its other screen, no cursor, keys as they are pressed. What
/// was there comes back on destruction, while the program is stopped (Ctrl-Z), and before a signal
/// ends it. Ctrl-C is left to Interrupts.
class Screen {
 public:
  struct Size {
    std::size_t rows = 24;
    std::size_t columns = 80;

    friend bool operator==(const Size&, const Size&) = default;
  };

  /// Whether both are terminals.
  [[nodiscard]] static bool is_possible(int in, int out);

  /// `out` and the terminal behind `in` must outlive this.
  Screen(int in, Output& out);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  [[nodiscard]] Size size() const;

  /// Shows a text of at most size().rows lines instead of what is there.
  void show(const std::string& text);

  /// Readable when a signal waits that handle_signal() is for.
  [[nodiscard]] int signal_fd() const { return signals_.get(); }
  /// The size has changed, or the program was stopped and goes on: show again. For a signal that
  /// ends programs, false: leave.
  [[nodiscard]] bool handle_signal();

 private:
  void enter();
  void leave() noexcept;

  int in_;
  Output& out_;
  termios before_{};
  sigset_t mask_before_{};
  UniqueFd signals_;
};

}  // namespace sv::ctl
