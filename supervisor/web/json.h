#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "wire/http_message.h"

/// JSON for this layer's source files; headers do not include it, because nlohmann's costs seconds
/// of compilation. Its traps are met here: text that is not UTF-8 would throw, so would reading a
/// value of another type, and braces make arrays where objects are meant.
namespace sv::web {

/// Members keep the order in which they are added. Adding searches: not for many members.
using Json = nlohmann::ordered_json;

/// Compact text; what is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_text(const Json& value);

/// nullopt for what is no JSON. Never throws.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);

/// A member of an object, or nullptr: it has none of that name, or is no object.
[[nodiscard]] const Json* member(const Json& value, const char* name);

/// Seconds since 1970 with milliseconds, or null.
[[nodiscard]] Json json_time(const std::optional<WallTime>& time);

/// null for nullopt.
template <class T>
[[nodiscard]] Json json_optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

/// An answer that is not cached and taken for nothing else.
[[nodiscard]] wire::HttpResponse json_response(const Json& body, int status = 200);

/// {"error": {"code": ..., "message": ...}}.
[[nodiscard]] wire::HttpResponse json_error(int status, std::string_view code,
                                            std::string_view message);

}  // namespace sv::web
