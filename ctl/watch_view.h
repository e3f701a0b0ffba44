#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/palette.h"
#include "ctl/render.h"
#include "ctl/screen.h"

/// What `status --watch` shows. Pure: values in, text out.
namespace sv::ctl {

/// One program as the daemon described it at the time `now` (seconds since 1970).
struct WatchedProgram {
  StatusRow row;
  std::int64_t pid = 0;
  std::int64_t start = 0;
  std::int64_t now = 0;
};

/// The row as it would be described `later` seconds after that: the uptime of what runs goes on
/// without asking.
[[nodiscard]] StatusRow row_later(const WatchedProgram& program, std::int64_t later);

/// "2 RUNNING, 1 FATAL", in the order of the protocol's numbers.
[[nodiscard]] std::string count_states(const std::vector<StatusRow>& rows);

struct WatchFrame {
  std::string_view title;
  std::string_view notice;  ///< of something that is wrong; empty: nothing
  const std::vector<StatusRow>& rows;
  std::size_t first_row = 0;  ///< scrolled to; beyond the end: the last page
  Screen::Size size;
};

/// Lines, each within the screen, with line feeds.
[[nodiscard]] std::string watch_frame(const WatchFrame& frame, const Palette& palette);

/// The first row after scrolling by `rows`.
[[nodiscard]] std::size_t scrolled(std::size_t first_row, std::ptrdiff_t rows, std::size_t count,
                                   const Screen::Size& size);

/// Rows of programs that fit at a time.
[[nodiscard]] std::size_t page_rows(const Screen::Size& size);

enum class WatchKey { quit, up, down, page_up, page_down };

/// The keys in what was typed.
[[nodiscard]] std::vector<WatchKey> watch_keys(std::string_view typed);

}  // namespace sv::ctl
