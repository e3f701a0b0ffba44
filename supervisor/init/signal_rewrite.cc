#include "init/signal_rewrite.h"

#include <signal.h>

#include <algorithm>
#include <optional>

#include "base/signals.h"
#include "base/text.h"

namespace sv::init {

Result<void> SignalRewrite::add(std::string_view rule) {
  const std::size_t colon = rule.find(':');
  const auto from =
      colon != std::string_view::npos ? parse_signal(rule.substr(0, colon)) : std::nullopt;
  const auto to =
      colon != std::string_view::npos ? parse_signal(rule.substr(colon + 1)) : std::nullopt;
  if (!from || !to || *from == 0) {
    return fail(ErrorCode::invalid_argument,
                cat({python_repr(rule), " is not SIGNAL:SIGNAL, such as 15:3 or TERM:QUIT"}));
  }
  if (*from == SIGKILL || *from == SIGSTOP || *from == SIGCHLD) {
    return fail(ErrorCode::invalid_argument,
                cat({python_repr(rule), ": ", signal_name(*from), " cannot be rewritten"}));
  }
  rules_.emplace_back(*from, *to);
  return {};
}

int SignalRewrite::apply(int signal) const {
  const auto rule = std::ranges::find(rules_, signal, &std::pair<int, int>::first);
  return rule != rules_.end() ? rule->second : signal;
}

}  // namespace sv::init
