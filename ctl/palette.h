#pragma once

#include <string>
#include <string_view>

namespace sv::ctl {

/// Colours for a terminal, or none. Text keeps its width: only escape sequences are put around it.
class Palette {
 public:
  enum class Use { never, always };

  constexpr explicit Palette(Use use = Use::never) : use_(use) {}

  /// What begins a state's colour: green for what runs, yellow for what is on the way, red for what
  /// failed, none for what is meant to be still. Empty without colours, as are all of these.
  [[nodiscard]] std::string_view begin_state(std::string_view state) const;
  /// For the n-th of several sources side by side.
  [[nodiscard]] std::string_view begin_source(std::size_t index) const;
  [[nodiscard]] std::string_view begin_bold() const { return shown("\x1b[1m"); }
  [[nodiscard]] std::string_view begin_faint() const { return shown("\x1b[2m"); }
  [[nodiscard]] std::string_view begin_error() const { return shown("\x1b[31m"); }

  /// What ends every one of them.
  [[nodiscard]] std::string_view end() const { return shown("\x1b[0m"); }

 private:
  [[nodiscard]] constexpr std::string_view shown(std::string_view sequence) const {
    return use_ == Use::always ? sequence : std::string_view();
  }

  Use use_;
};

/// Whether output may be coloured: on a terminal that is not "dumb", unless NO_COLOR says no
/// (no-color.org). `term` and `no_color` are the environment's, null when unset.
[[nodiscard]] Palette::Use colour_use(bool is_terminal, const char* term, const char* no_color);

}  // namespace sv::ctl
