#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace sv::os {

/// Going to the background in two steps, so that whoever started the daemon sees every error of its
/// start and an exit status that means something.
///
/// The process that called split() waits for the verdict of the one that goes on: ready() lets it
/// exit 0; if that process ends first, it exits with the same status.
class Background {
 public:
  /// Forks. Returns in the child only. To be called before a loop or thread exists.
  [[nodiscard]] static Result<Background> split();

  /// Detaches: own session, standard descriptors to /dev/null, and the waiting parent goes home.
  Result<void> ready();

 private:
  explicit Background(UniqueFd verdict) : verdict_(std::move(verdict)) {}

  UniqueFd verdict_;
};

}  // namespace sv::os
