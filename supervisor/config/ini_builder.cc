#include "config/ini_builder.h"

#include <utility>

#include "base/unicode.h"

namespace sv::config {

void IniBuilder::open_section(std::string_view name, int line) {
  const auto [known, is_new] = sections_.try_emplace(std::string(name), document_.sections.size());
  if (is_new) {
    document_.sections.push_back({std::string(name), file_, line, {}});
    options_.emplace_back();
  }
  section_ = known->second;
  option_.reset();
}

void IniBuilder::open_option(std::string key, std::string_view value, int line) {
  std::vector<IniOption>& options = document_.sections[*section_].options;
  const auto [known, is_new] = options_[*section_].try_emplace(key, options.size());
  option_ = known->second;
  if (is_new) {
    options.push_back({std::move(key), std::string(value), file_, line});
  } else {
    options[*option_].value = value;
    options[*option_].line = line;
  }
}

void IniBuilder::append(std::string_view text) {
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
