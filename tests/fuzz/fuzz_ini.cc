// However much of a file inih is shown verbatim, the same document or the same errors come out;
// and what comes out is as the rest of the program may rely on.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "base/unicode.h"
#include "config/ini_source.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_document(const sv::config::IniDocument& document, std::string_view text) {
  const auto line_ends = std::ranges::count_if(text, [](char c) { return c == '\n' || c == '\r'; });
  std::set<std::string_view> sections;
  for (const sv::config::IniSection& section : document.sections) {
    require(sections.insert(section.name).second);
    require(!section.name.empty());
    require(section.line >= 1 && section.line <= line_ends + 1);
    std::set<std::string_view> keys;
    for (const sv::config::IniOption& option : section.options) {
      require(keys.insert(option.key).second);
      require(!option.key.empty() && option.key == sv::unicode_lower(option.key));
      require(option.key == sv::trim_unicode(option.key));
      require(option.value == sv::trim_unicode_right(option.value));
      require(option.value.size() + option.key.size() <= text.size());
      require(option.line > section.line || section.line > 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto verbatim = sv::config::parse_ini(text, "fuzz.conf");
  for (const std::size_t limit : {0U, 7U}) {
    require(sv::config::parse_ini(text, "fuzz.conf", {.verbatim_bytes = limit}) == verbatim);
  }
  if (verbatim) {
    check_document(*verbatim, text);
  } else {
    require(verbatim.error().size() == 1 && !verbatim.error().front().message.empty());
  }
  return 0;
}
