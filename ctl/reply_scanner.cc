#include "ctl/reply_scanner.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace sv::ctl {
namespace {

/// A recursive descent over the text. Every step returns false as soon as it meets something it
/// does not know, and the whole attempt is given up.
class Scanner {
 public:
  Scanner(std::string_view xml, std::span<const std::string_view> wanted)
      : rest_(xml), wanted_(wanted) {}

  bool reply(wire::XmlRpcValue& value) {
    (void)take("<?xml version='1.0'?>");
    return take("<methodResponse>") && take("<params>") && take("<param>") && any(value) &&
           take("</param>") && take("</params>") && take("</methodResponse>") && at_end();
  }

 private:
  /// The daemon's replies nest four deep.
  static constexpr int kMaxDepth = 8;

  bool any(wire::XmlRpcValue& value) {
    if (depth_ == kMaxDepth || !take("<value>")) {
      return false;
    }
    ++depth_;
    const bool known = typed(value) && take("</value>");
    --depth_;
    return known;
  }

  bool typed(wire::XmlRpcValue& value) {
    if (take("<string>")) {
      std::string string;
      if (!text(string, "</string>")) {
        return false;
      }
      value = std::move(string);
      return true;
    }
    if (take("<int>")) {
      return integer(value);
    }
    if (take("<boolean>")) {
      return boolean(value);
    }
    if (take("<struct>")) {
      return members(value);
    }
    return take("<array>") && take("<data>") && elements(value);
  }

  // Digits only, and not more of them than certainly fit.
  bool integer(wire::XmlRpcValue& value) {
    constexpr std::size_t kMaxLength = 18;
    const std::string_view digits = rest_.substr(0, std::min(rest_.find('<'), kMaxLength + 1));
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.size() > kMaxLength || error != std::errc{} ||
        end != digits.data() + digits.size()) {
      return false;
    }
    value = number;
    rest_.remove_prefix(digits.size());
    return take("</int>");
  }

  bool boolean(wire::XmlRpcValue& value) {
    const char digit = rest_.empty() ? '\0' : rest_.front();
    if (digit != '0' && digit != '1') {
      return false;
    }
    value = digit == '1';
    rest_.remove_prefix(1);
    return take("</boolean>");
  }

  bool members(wire::XmlRpcValue& value) {
    constexpr std::size_t kUsualMembers = 14;  // of a process
    wire::XmlRpcStruct list;
    list.reserve(wanted_.empty() ? kUsualMembers : wanted_.size());
    while (take("<member>")) {
      std::string name;
      wire::XmlRpcValue content;
      if (!take("<name>") || !text(name, "</name>") || !any(content) || !take("</member>")) {
        return false;
      }
      if (is_wanted(name)) {
        list.emplace_back(std::move(name), std::move(content));
      }
    }
    value = std::move(list);
    return take("</struct>");
  }

  bool elements(wire::XmlRpcValue& value) {
    wire::XmlRpcArray list;
    while (!take("</data>")) {
      if (!any(list.emplace_back())) {
        return false;
      }
    }
    value = std::move(list);
    return take("</array>");
  }

  [[nodiscard]] bool is_wanted(std::string_view name) const {
    return wanted_.empty() || std::ranges::find(wanted_, name) != wanted_.end();
  }

  // Everything up to the closing tag, as it stands but for the entities a daemon writes.
  bool text(std::string& out, std::string_view closing_tag) {
    for (;;) {
      const auto special = std::ranges::find_if(rest_, is_special);
      if (special == rest_.end()) {
        return false;
      }
      const auto stop = static_cast<std::size_t>(special - rest_.begin());
      out.append(rest_.substr(0, stop));
      rest_.remove_prefix(stop);
      if (rest_.front() == '<') {
        return take_exactly(closing_tag);
      }
      if (!entity(out)) {
        return false;
      }
    }
  }

  bool entity(std::string& out) {
    constexpr std::array<std::pair<std::string_view, char>, 3> kEntities{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}}};
    for (const auto& [name, character] : kEntities) {
      if (take_exactly(name)) {
        out += character;
        return true;
      }
    }
    return false;
  }

  // White space between elements is layout.
  bool take(std::string_view tag) {
    while (!rest_.empty() && is_layout(rest_.front())) {
      rest_.remove_prefix(1);
    }
    return take_exactly(tag);
  }

  bool take_exactly(std::string_view token) {
    if (!rest_.starts_with(token)) {
      return false;
    }
    rest_.remove_prefix(token.size());
    return true;
  }

  bool at_end() { return take("") && rest_.empty(); }

  static bool is_layout(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  /// Where text is not simply itself: tags and entities, and line ends XML would change.
  static bool is_special(char c) { return c == '<' || c == '&' || c == '\r' || c == '\0'; }

  std::string_view rest_;
  std::span<const std::string_view> wanted_;
  int depth_ = 0;
};

}  // namespace

std::optional<wire::XmlRpcValue> scan_reply(std::string_view xml,
                                            std::span<const std::string_view> members) {
  wire::XmlRpcValue value;
  if (Scanner(xml, members).reply(value)) {
    return value;
  }
  return std::nullopt;
}

}  // namespace sv::ctl
