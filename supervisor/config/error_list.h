#pragma once

#include <cstddef>
#include <utility>

#include "config/config_error.h"

namespace sv::config {

/// Collects errors in the order of evaluation, each cause once: a section that is read twice (as a
/// member of two groups) or a key that is read twice complains once.
class ErrorList {
 public:
  /// Further errors are counted, not kept.
  static constexpr std::size_t kMostErrors = 500;

  void add(ConfigError error);
  void add(ConfigErrors errors);

  [[nodiscard]] bool empty() const { return errors_.empty(); }
  /// How many have been added, which tells a caller whether something failed in between.
  [[nodiscard]] std::size_t added() const { return added_; }
  [[nodiscard]] ConfigErrors take() { return std::move(errors_); }

 private:
  ConfigErrors errors_;
  std::size_t added_ = 0;
};

}  // namespace sv::config
