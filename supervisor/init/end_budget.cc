#include "init/end_budget.h"

#include <algorithm>
#include <string_view>

#include "base/duration_text.h"
#include "base/text.h"

namespace sv::init {

void EndBudget::begin(MonoTime now, std::optional<Duration> whole, bool with_leftovers) {
  if (began) {
    return;
  }
  began = now;
  limit = whole;
  if (limit && with_leftovers) {
    kept = std::min<Duration>(kForLeftovers, *limit / 4);
  }
}

void EndBudget::give_turn(std::optional<EndUser> next, MonoTime now) {
  if (user) {
    auto& sum = used.at(static_cast<std::size_t>(*user));
    sum = sum.value_or(Duration{}) + (now - turn_began);
  }
  user = next;
  turn_began = now;
}

std::optional<MonoTime> EndBudget::end_by() const {
  return began && limit ? std::optional(*began + *limit) : std::nullopt;
}

std::optional<Duration> EndBudget::share(int turns, MonoTime now) const {
  const std::optional<MonoTime> end = end_by();
  if (!end) {
    return std::nullopt;
  }
  return std::max(*end - kept - now, Duration{}) / std::max(turns, 1);
}

std::string EndBudget::summary(MonoTime now) const {
  static constexpr std::array<std::string_view, kEndUsers> kNames{"main command", "scripts",
                                                                  "services", "leftovers"};
  std::string text = cat({"Ended in ", decimal_seconds(now - began.value_or(now)), " s"});
  if (limit) {
    text += cat({" of ", decimal_seconds(*limit), " s"});
  }
  std::string_view separator = ": ";
  for (std::size_t i = 0; i < kEndUsers; ++i) {
    if (used.at(i)) {
      text += cat({separator, kNames.at(i), " ", decimal_seconds(*used.at(i)), " s"});
      separator = ", ";
    }
  }
  return text;
}

}  // namespace sv::init
