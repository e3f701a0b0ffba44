#include "base/exit_map.h"

#include "base/parse.h"
#include "base/text.h"

namespace sv {
namespace {

Result<int> parse_status(std::string_view text) {
  constexpr int kLargest = 255;
  const Result<std::int64_t> number = parse_integer(text);
  if (!number || *number < 0 || *number > kLargest) {
    return fail(ErrorCode::invalid_argument,
                cat({python_repr(text), " is not an exit status from 0 to 255"}));
  }
  return static_cast<int>(*number);
}

}  // namespace

Result<ExitMap> ExitMap::parse(std::string_view text) {
  ExitMap map;
  for (const std::string_view piece : split(text, ',')) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) {
      return fail(ErrorCode::invalid_argument,
                  cat({python_repr(piece), " is not of the form STATUS=STATUS"}));
    }
    const Result<int> from = parse_status(trim(piece.substr(0, equals)));
    if (!from) {
      return tl::unexpected(from.error());
    }
    const Result<int> to = parse_status(trim(piece.substr(equals + 1)));
    if (!to) {
      return tl::unexpected(to.error());
    }
    map.pairs_.emplace_back(*from, *to);
  }
  return map;
}

int ExitMap::apply(int status) const {
  for (const auto& [from, to] : pairs_) {
    if (from == status) {
      return to;
    }
  }
  return status;
}

}  // namespace sv
