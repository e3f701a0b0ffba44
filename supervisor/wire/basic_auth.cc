#include "wire/basic_auth.h"

#include <cstddef>
#include <optional>

#include "base/text.h"
#include "wire/sha1.h"

namespace sv::wire {
namespace {

constexpr std::string_view kShaPrefix = "{SHA}";

/// Takes time by the length of `given` only, so that a peer learns nothing about `expected`.
bool equal_in_constant_time(std::string_view expected, std::string_view given) {
  unsigned difference = expected.size() == given.size() ? 0U : 1U;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char other = expected.empty() ? '\0' : expected[i % expected.size()];
    difference |= static_cast<unsigned char>(given[i] ^ other);
  }
  return difference == 0;
}

bool is_password(std::string_view configured, std::string_view given) {
  if (configured.starts_with(kShaPrefix)) {
    return equal_in_constant_time(configured.substr(kShaPrefix.size()), sha1_hex(given));
  }
  return equal_in_constant_time(configured, given);
}

/// "user:password" of "Basic <base64>"; nullopt for other schemes and undecodable text.
std::optional<std::string> presented_pair(std::string_view authorization) {
  const std::size_t space = authorization.find(' ');
  if (space == std::string_view::npos || ascii_lower(authorization.substr(0, space)) != "basic") {
    return std::nullopt;
  }
  std::optional<std::string> pair = base64_decode(authorization.substr(space + 1));
  if (!pair || !is_valid_utf8(*pair)) {
    return std::nullopt;
  }
  return pair;
}

}  // namespace

bool is_authorized(const std::string* authorization, std::string_view username,
                   std::string_view password) {
  if (username.empty()) {
    return true;
  }
  if (authorization == nullptr) {
    return false;
  }
  const std::optional<std::string> pair = presented_pair(*authorization);
  if (!pair) {
    return false;
  }
  const std::string_view text = *pair;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return false;
  }
  // Both are compared always: a wrong name must not answer faster than a wrong password.
  const bool name_fits = equal_in_constant_time(username, text.substr(0, colon));
  const bool password_fits = is_password(password, text.substr(colon + 1));
  return name_fits && password_fits;
}

std::string basic_authorization(std::string_view username, std::string_view password) {
  return "Basic " + base64_encode(cat({username, ":", password}));
}

}  // namespace sv::wire
