#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sv::init {

/// What the main command gets instead of a signal (dumb-init's --rewrite). A signal that is not
/// named stays as it is.
class SignalRewrite {
 public:
  /// Adds a rule "15:3" or "TERM:QUIT"; "WINCH:0" drops the signal. The first rule of a signal
  /// counts. invalid_argument says what is expected. KILL and STOP cannot be caught, so they are no
  /// left side; CHLD is ours.
  [[nodiscard]] Result<void> add(std::string_view rule);

  /// 0: it is dropped.
  [[nodiscard]] int apply(int signal) const;

 private:
  std::vector<std::pair<int, int>> rules_;
};

}  // namespace sv::init
