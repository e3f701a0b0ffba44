#pragma once

#include <cstddef>
#include <utility>

#include "config/config_error.h"

namespace sv::config {

/// Collects errors in the order of evaluation, one for each place: a section that is read twice
/// (as a member of two groups) or a key that is read twice complains once.
class ErrorList {
 public:
  /// Further errors are counted, not kept.
  static constexpr std::size_t kMostErrors = 500;

  void add(ConfigError error);
  /// For places that may have several errors, such as the items of a list: only an equal one is a
  /// repetition.
  void add_item(ConfigError error);
  void add(ConfigErrors errors);

  [[nodiscard]] bool empty() const { return errors_.empty(); }
  /// How many have been added, which tells a caller whether something failed in between.
  [[nodiscard]] std::size_t added() const { return added_; }
  [[nodiscard]] ConfigErrors take() { return std::move(errors_); }

 private:
  void keep(ConfigError error, bool is_known);

  ConfigErrors errors_;
  std::size_t added_ = 0;
};

}  // namespace sv::config
