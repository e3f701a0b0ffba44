#include "config/error_list.h"

#include <algorithm>
#include <utility>

namespace sv::config {
namespace {

/// Errors without a key are about a section or file as a whole, which may have several faults. A
/// bad name is found once with and once without its location behind it.
bool same_place(const ConfigError& earlier, const ConfigError& later) {
  return earlier.section == later.section && earlier.key == later.key &&
         earlier.file == later.file && earlier.line == later.line &&
         (!earlier.key.empty() || later.message.starts_with(earlier.message));
}

}  // namespace

void ErrorList::add(ConfigError error) {
  const bool is_known = std::ranges::any_of(
      errors_, [&error](const ConfigError& earlier) { return same_place(earlier, error); });
  keep(std::move(error), is_known);
}

void ErrorList::add_item(ConfigError error) {
  const bool is_known = std::ranges::find(errors_, error) != errors_.end();
  keep(std::move(error), is_known);
}

void ErrorList::keep(ConfigError error, bool is_known) {
  ++added_;
  if (!is_known && errors_.size() < kMostErrors) {
    errors_.push_back(std::move(error));
  }
}

void ErrorList::add(ConfigErrors errors) {
  for (ConfigError& error : errors) {
    add(std::move(error));
  }
}

}  // namespace sv::config
