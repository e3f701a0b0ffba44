#include "rpc/arguments.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "base/double_text.h"
#include "base/overloaded.h"
#include "base/parse.h"
#include "base/text.h"

namespace sv::rpc {
namespace {

/// Inside of a list or a dictionary strings are quoted.
std::string element_text(const wire::XmlRpcValue& value) {
  const std::string* text = value.get_if<std::string>();
  return text != nullptr ? python_repr(*text) : display_text(value);
}

std::string array_text(const wire::XmlRpcArray& array) {
  std::vector<std::string> pieces;
  for (const wire::XmlRpcValue& element : array) {
    pieces.push_back(element_text(element));
  }
  return cat({"[", join(pieces, ", "), "]"});
}

std::string struct_text(const wire::XmlRpcStruct& members) {
  std::vector<std::string> pieces;
  for (const auto& [name, value] : members) {
    pieces.push_back(cat({python_repr(name), ": ", element_text(value)}));
  }
  return cat({"{", join(pieces, ", "), "}"});
}

std::int64_t saturate(std::int64_t value) {
  constexpr std::int64_t kMax = Argument<std::int64_t>::kMaxInteger;
  return std::clamp(value, -kMax, kMax);
}

std::optional<std::int64_t> truncate(double value) {
  if (!std::isfinite(value)) {
    return std::nullopt;
  }
  constexpr double kMax = static_cast<double>(Argument<std::int64_t>::kMaxInteger);
  return static_cast<std::int64_t>(std::clamp(value, -kMax, kMax));
}

}  // namespace

std::string display_text(const wire::XmlRpcValue& value) {
  return std::visit(
      Overloaded{[](const wire::XmlRpcNil&) { return std::string("None"); },
                 [](bool flag) { return std::string(flag ? "True" : "False"); },
                 [](std::int64_t number) { return std::to_string(number); },
                 [](double number) { return double_text(number); },
                 [](const std::string& text) { return text; },
                 [](const wire::XmlRpcArray& array) { return array_text(array); },
                 [](const wire::XmlRpcStruct& members) { return struct_text(members); },
                 [](const wire::XmlRpcWritten& written) { return written.xml; }},
      value.storage());
}

std::optional<std::string_view> Argument<std::string_view>::read(const wire::XmlRpcValue* value) {
  const std::string* text = value != nullptr ? value->get_if<std::string>() : nullptr;
  return text != nullptr ? std::optional<std::string_view>(*text) : std::nullopt;
}

std::optional<std::int64_t> Argument<std::int64_t>::read(const wire::XmlRpcValue* value) {
  if (value == nullptr) {
    return std::nullopt;
  }
  if (const auto* number = value->get_if<std::int64_t>()) {
    return saturate(*number);
  }
  if (const auto* flag = value->get_if<bool>()) {
    return *flag ? 1 : 0;
  }
  if (const auto* number = value->get_if<double>()) {
    return truncate(*number);
  }
  if (const auto* text = value->get_if<std::string>()) {
    const Result<std::int64_t> number = parse_integer(*text);
    return number ? std::optional(saturate(*number)) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Wait> Argument<Wait>::read(const wire::XmlRpcValue* value) {
  if (value == nullptr) {
    return Wait::yes;
  }
  const bool truth = std::visit(
      Overloaded{[](const wire::XmlRpcNil&) { return false; }, [](bool flag) { return flag; },
                 [](std::int64_t number) { return number != 0; },
                 [](double number) { return number != 0.0; },
                 [](const auto& container) { return !container.empty(); }},
      value->storage());
  return truth ? Wait::yes : Wait::no;
}

std::optional<std::reference_wrapper<const wire::XmlRpcValue>>
Argument<const wire::XmlRpcValue&>::read(const wire::XmlRpcValue* value) {
  return value != nullptr ? std::optional(std::cref(*value)) : std::nullopt;
}

}  // namespace sv::rpc
