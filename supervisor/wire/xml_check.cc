#include "wire/xml_check.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace sv::wire {
namespace {

bool is_xml_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_xml_char(std::uint32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
         (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c <= 0x10FFFF);
}

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// A run of bytes above ASCII.
bool is_acceptable_run(std::string_view run) {
  return is_valid_utf8(run) && run.find("\xEF\xBF\xBE") == std::string_view::npos &&
         run.find("\xEF\xBF\xBF") == std::string_view::npos;
}

bool has_only_xml_characters(std::string_view text) {
  auto at = text.begin();
  while (at != text.end()) {
    if (is_ascii(*at)) {
      if (!is_xml_char(static_cast<unsigned char>(*at))) {
        return false;
      }
      ++at;
      continue;
    }
    const auto end = std::find_if(at, text.end(), is_ascii);
    const auto offset = static_cast<std::size_t>(at - text.begin());
    if (!is_acceptable_run(text.substr(offset, static_cast<std::size_t>(end - at)))) {
      return false;
    }
    at = end;
  }
  return true;
}

/// The part of a reference between '&' and ';'.
bool is_known_reference(std::string_view name) {
  if (!name.starts_with('#')) {
    constexpr std::array<std::string_view, 5> kEntities{"amp", "lt", "gt", "quot", "apos"};
    return std::ranges::find(kEntities, name) != kEntities.end();
  }
  name.remove_prefix(1);
  const int base = name.starts_with('x') ? 16 : 10;
  name.remove_prefix(base == 16 ? 1 : 0);
  std::uint32_t code_point = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code_point, base);
  return error == std::errc{} && end == name.data() + name.size() && is_xml_char(code_point);
}

bool has_only_known_references(std::string_view text) {
  constexpr std::size_t kLongestReference = 16;
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at)) {
    const std::string_view rest = text.substr(at + 1, kLongestReference);
    const std::size_t length = rest.find(';');
    if (length == std::string_view::npos || !is_known_reference(rest.substr(0, length))) {
      return false;
    }
    at += length;
  }
  return true;
}

/// Walks over the markup without looking into tags.
class Walker {
 public:
  explicit Walker(std::string_view xml) : rest_(xml) {}

  bool walk() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
    if (is_declaration()) {
      skip_past("?>");
    }
    while (!rest_.empty()) {
      if (!(rest_.front() == '<' ? markup() : text())) {
        return false;
      }
    }
    return has_root_ && depth_ == 0;
  }

 private:
  /// "<?xml " is allowed at the very beginning only.
  [[nodiscard]] bool is_declaration() const {
    return rest_.size() > 5 && rest_.starts_with("<?xml") && is_xml_space(rest_[5]);
  }

  bool skip_past(std::string_view end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) {
      return false;
    }
    rest_.remove_prefix(at + end.size());
    return true;
  }

  bool skip_prefix(std::string_view prefix) {
    const bool is_there = rest_.starts_with(prefix);
    rest_.remove_prefix(is_there ? prefix.size() : 0);
    return is_there;
  }

  bool text() {
    const std::string_view run = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(run.size());
    if (depth_ == 0) {
      return std::ranges::all_of(run, is_xml_space);
    }
    return run.find("]]>") == std::string_view::npos && has_only_known_references(run);
  }

  bool markup() {
    if (rest_.starts_with("<!--")) {
      rest_.remove_prefix(4);
      return skip_past("--") && skip_prefix(">");  // no "--" inside of a comment
    }
    if (rest_.starts_with("<![CDATA[")) {
      return depth_ > 0 && skip_past("]]>");
    }
    if (rest_.starts_with("<?")) {
      return !is_declaration() && skip_past("?>");
    }
    if (rest_.starts_with("<!")) {
      return false;  // a document type
    }
    if (rest_.starts_with("</")) {
      --depth_;
      return depth_ >= 0 && skip_past(">");
    }
    return start_tag();
  }

  bool start_tag() {
    if (depth_ == 0 && has_root_) {
      return false;
    }
    has_root_ = true;
    char quote = '\0';
    std::size_t end = 1;
    for (; end < rest_.size() && (quote != '\0' || rest_[end] != '>'); ++end) {
      const char c = rest_[end];
      if (quote != '\0') {
        quote = c == quote ? '\0' : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      }
    }
    if (end == rest_.size()) {
      return false;
    }
    const std::string_view tag = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    depth_ += tag.ends_with('/') ? 0 : 1;
    return has_only_known_references(tag);
  }

  std::string_view rest_;
  int depth_ = 0;
  bool has_root_ = false;
};

}  // namespace

bool passes_strict_xml_checks(std::string_view xml) {
  return has_only_xml_characters(xml) && Walker(xml).walk();
}

}  // namespace sv::wire
