#include "config/ini_builder.h"

#include <algorithm>
#include <utility>

#include "base/unicode.h"

namespace sv::config {
namespace {

/// Options of a section beyond this many are looked up in an index; hardly any section has one.
constexpr std::size_t kIndexFrom = 32;

/// Position of a section or option that is open but not kept.
constexpr std::size_t kForgotten = 0;

}  // namespace

void IniBuilder::open_section(std::string_view name, int line) {
  is_kept_ = only_.empty() || std::ranges::find(only_, name) != only_.end();
  if (!is_kept_) {
    section_ = kForgotten;
    option_.reset();
    return;
  }
  const auto [known, is_new] = sections_.try_emplace(std::string(name), document_.sections.size());
  if (is_new) {
    document_.sections.push_back({std::string(name), file_, line, {}});
  }
  section_ = known->second;
  option_.reset();
}

void IniBuilder::open_option(std::string key, std::string_view value, int line) {
  if (!is_kept_) {
    option_ = kForgotten;
    return;
  }
  std::vector<IniOption>& options = document_.sections[*section_].options;
  option_ = find_option(key);
  if (option_) {
    options[*option_].value = value;
    options[*option_].line = line;
    return;
  }
  option_ = options.size();
  if (options.size() >= kIndexFrom) {
    indexes_[*section_].emplace(key, options.size());
  }
  options.push_back({std::move(key), std::string(value), file_, line});
}

std::optional<std::size_t> IniBuilder::find_option(const std::string& key) const {
  const std::vector<IniOption>& options = document_.sections[*section_].options;
  for (std::size_t i = 0; i < std::min(options.size(), kIndexFrom); ++i) {
    if (options[i].key == key) {
      return i;
    }
  }
  if (const auto index = indexes_.find(*section_); index != indexes_.end()) {
    const auto known = index->second.find(key);
    return known != index->second.end() ? std::optional(known->second) : std::nullopt;
  }
  return std::nullopt;
}

void IniBuilder::append(std::string_view text) {
  if (!is_kept_) {
    return;
  }
  std::string& value = document_.sections[*section_].options[*option_].value;
  value += '\n';
  value += text;
}

IniDocument IniBuilder::take() {
  for (IniSection& section : document_.sections) {
    for (IniOption& option : section.options) {
      option.value.resize(trim_unicode_right(option.value).size());
    }
  }
  return std::move(document_);
}

}  // namespace sv::config
