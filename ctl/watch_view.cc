#include "ctl/watch_view.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/text.h"

namespace sv::ctl {
namespace {

constexpr std::size_t kHeaderRows = 2;

// The beginning of a text that fits; columns are characters.
std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U && seen++ == columns) {
      return text.substr(0, i);
    }
  }
  return text;
}

// What is shown must not move the cursor.
std::string shown(std::string_view text, std::size_t columns) {
  std::string line(cut(text, columns));
  std::ranges::replace_if(
      line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return line;
}

std::string header(const WatchFrame& frame, const Palette& palette) {
  if (!frame.notice.empty()) {
    return cat({palette.begin_error(), shown(frame.notice, frame.size.columns), palette.end()});
  }
  const std::string text = cat({frame.title, "  ", count_states(frame.rows)});
  return cat({palette.begin_bold(), shown(text, frame.size.columns), palette.end()});
}

std::size_t last_first_row(std::size_t count, const Screen::Size& size) {
  return count > page_rows(size) ? count - page_rows(size) : 0;
}

}  // namespace

StatusRow row_later(const WatchedProgram& program, std::int64_t later) {
  StatusRow row = program.row;
  if (row.state == "RUNNING") {
    row.description = cat({"pid ", std::to_string(program.pid), ", uptime ",
                           uptime_text(program.now - program.start + later)});
  }
  return row;
}

std::string count_states(const std::vector<StatusRow>& rows) {
  constexpr std::array<std::string_view, 8> kStates{"STOPPED",  "STARTING", "RUNNING", "BACKOFF",
                                                    "STOPPING", "EXITED",   "FATAL",   "UNKNOWN"};
  std::string text;
  for (const std::string_view state : kStates) {
    const auto count = std::ranges::count(rows, state, &StatusRow::state);
    if (count > 0) {
      text += cat({text.empty() ? "" : ", ", std::to_string(count), " ", state});
    }
  }
  return text;
}

std::string watch_frame(const WatchFrame& frame, const Palette& palette) {
  std::string text = header(frame, palette) + "\n";
  const std::size_t page = page_rows(frame.size);
  const std::size_t first =
      std::min(frame.first_row, last_first_row(frame.rows.size(), frame.size));
  const std::size_t count = std::min(page, frame.rows.size() - first);
  const std::size_t below = frame.rows.size() - first - count;
  const std::string more = first + below > 0
                               ? cat({std::to_string(first), " above, ", std::to_string(below),
                                      " below; arrow keys scroll, q leaves"})
                               : std::string("q leaves");
  text += cat({palette.begin_faint(), cut(more, frame.size.columns), palette.end()});
  // Widths are those of all rows, so that scrolling moves nothing sideways.
  std::vector<StatusRow> rows = frame.rows;
  const std::size_t width = status_name_width(rows);
  const std::size_t rest = frame.size.columns > width ? frame.size.columns - width : 0;
  for (StatusRow& row : rows) {
    row.name = shown(row.name, frame.size.columns);
    row.description =
        shown(row.description, rest > kStatusStateWidth ? rest - kStatusStateWidth : 0);
  }
  std::string table = status_table(std::span(rows).subspan(first, count), width, palette);
  return table.empty() ? text : cat({text, "\n", table});
}

std::size_t scrolled(std::size_t first_row, std::ptrdiff_t rows, std::size_t count,
                     const Screen::Size& size) {
  const auto last = static_cast<std::ptrdiff_t>(last_first_row(count, size));
  return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(
      std::min(static_cast<std::ptrdiff_t>(first_row), last) + rows, 0, last));
}

std::size_t page_rows(const Screen::Size& size) {
  return size.rows > kHeaderRows ? size.rows - kHeaderRows : 1;
}

std::vector<WatchKey> watch_keys(std::string_view typed) {
  constexpr std::array<std::pair<std::string_view, WatchKey>, 11> kKeys{
      {{"q", WatchKey::quit},
       {"\x04", WatchKey::quit},
       {"k", WatchKey::up},
       {"j", WatchKey::down},
       {" ", WatchKey::page_down},
       {"\x1b[A", WatchKey::up},
       {"\x1b[B", WatchKey::down},
       {"\x1bOA", WatchKey::up},
       {"\x1bOB", WatchKey::down},
       {"\x1b[5~", WatchKey::page_up},
       {"\x1b[6~", WatchKey::page_down}}};
  std::vector<WatchKey> keys;
  while (!typed.empty()) {
    const auto* found = std::ranges::find_if(
        kKeys, [typed](const auto& key) { return typed.starts_with(key.first); });
    if (found != kKeys.end()) {
      keys.push_back(found->second);
    }
    typed.remove_prefix(found != kKeys.end() ? found->first.size() : 1);
  }
  return keys;
}

}  // namespace sv::ctl
