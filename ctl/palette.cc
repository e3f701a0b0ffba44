#include "ctl/palette.h"

#include <array>

namespace sv::ctl {

std::string_view Palette::begin_state(std::string_view state) const {
  if (state == "RUNNING") {
    return shown("\x1b[32m");
  }
  if (state == "STARTING" || state == "BACKOFF" || state == "STOPPING") {
    return shown("\x1b[33m");
  }
  if (state == "FATAL" || state == "UNKNOWN") {
    return shown("\x1b[1;31m");
  }
  return shown("\x1b[2m");
}

std::string_view Palette::begin_source(std::size_t index) const {
  constexpr std::array<std::string_view, 6> kColours{"\x1b[36m", "\x1b[33m", "\x1b[32m",
                                                     "\x1b[35m", "\x1b[34m", "\x1b[31m"};
  return shown(kColours[index % kColours.size()]);
}

Palette::Use colour_use(bool is_terminal, const char* term, const char* no_color) {
  const bool dumb = term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
  const bool unwanted = no_color != nullptr && *no_color != '\0';
  return is_terminal && !dumb && !unwanted ? Palette::Use::always : Palette::Use::never;
}

}  // namespace sv::ctl
