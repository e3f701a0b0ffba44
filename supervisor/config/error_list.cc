#include "config/error_list.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace sv::config {
namespace {

/// The same mistake found again. A key may be read once as a property of its group and once in its
/// section's body; only the second message then tells the section.
bool same_mistake(const ConfigError& earlier, const ConfigError& later) {
  if (earlier.section != later.section || earlier.key != later.key || earlier.file != later.file ||
      earlier.line != later.line) {
    return false;
  }
  const std::string_view text = later.message;
  return text.starts_with(earlier.message) &&
         (text.size() == earlier.message.size() ||
          text.substr(earlier.message.size()).starts_with(" in section '"));
}

}  // namespace

void ErrorList::add(ConfigError error) {
  ++added_;
  const bool known = std::ranges::any_of(
      errors_, [&error](const ConfigError& earlier) { return same_mistake(earlier, error); });
  if (!known && errors_.size() < kMostErrors) {
    errors_.push_back(std::move(error));
  }
}

void ErrorList::add(ConfigErrors errors) {
  for (ConfigError& error : errors) {
    add(std::move(error));
  }
}

}  // namespace sv::config
