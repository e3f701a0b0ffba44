#include "rpc/local_time.h"

#include <array>
#include <cstddef>
#include <ctime>
#include <string_view>

#include "base/text.h"

namespace sv::rpc {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::tm local(WallTime time) {
  const std::time_t seconds = static_cast<std::time_t>(unix_seconds(time));
  std::tm parts{};
  ::localtime_r(&seconds, &parts);  // fails only for years beyond an int: all zero then
  return parts;
}

template <std::size_t N>
std::string_view at(const std::array<std::string_view, N>& names, int index) {
  return names[static_cast<std::size_t>(index) % N];
}

/// At least two characters wide, filled from the left.
std::string two_digits(int number, char fill) {
  std::string text = std::to_string(number);
  if (text.size() < 2) {
    text.insert(text.begin(), fill);
  }
  return text;
}

}  // namespace

std::string short_local_time(WallTime time) {
  const std::tm parts = local(time);
  const int hour = parts.tm_hour % 12 == 0 ? 12 : parts.tm_hour % 12;
  return cat({at(kMonths, parts.tm_mon), " ", two_digits(parts.tm_mday, '0'), " ",
              two_digits(hour, '0'), ":", two_digits(parts.tm_min, '0'),
              parts.tm_hour < 12 ? " AM" : " PM"});
}

std::string full_local_time(WallTime time) {
  const std::tm parts = local(time);
  return cat({at(kDays, parts.tm_wday), " ", at(kMonths, parts.tm_mon), " ",
              two_digits(parts.tm_mday, ' '), " ", two_digits(parts.tm_hour, '0'), ":",
              two_digits(parts.tm_min, '0'), ":", two_digits(parts.tm_sec, '0'), " ",
              std::to_string(1900 + parts.tm_year)});
}

}  // namespace sv::rpc
