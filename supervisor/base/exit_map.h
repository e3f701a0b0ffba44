#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace sv {

/// Exit statuses to be exchanged for others: "143=0,137=1". Statuses are 0 to 255; of a status that
/// is named twice the first counts.
class ExitMap {
 public:
  ExitMap() = default;

  /// invalid_argument names the piece that is wrong and what is expected.
  [[nodiscard]] static Result<ExitMap> parse(std::string_view text);

  /// What `status` becomes; itself when nothing is said about it.
  [[nodiscard]] int apply(int status) const;

 private:
  std::vector<std::pair<int, int>> pairs_;
};

}  // namespace sv
