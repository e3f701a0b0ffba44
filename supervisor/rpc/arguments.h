#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// From XML-RPC parameters to the C++ parameters of a method. A method is an ordinary function
/// `Result method(Services&, P...)`; Bound<method>::call reads one argument per P and answers
/// INCORRECT_PARAMETERS when one has the wrong type. The number of arguments has been checked
/// before. Rules: supervisor-protocol, 1.4.
namespace sv::rpc {

/// Whether an answer waits until what was asked for has happened.
enum class Wait { no, yes };

/// A value as the reference's messages show it: Python's str().
[[nodiscard]] std::string display_text(const wire::XmlRpcValue& value);

/// How one parameter type is read. `value` is nullptr when the argument was left out.
template <class T>
struct Argument;

/// Strings only.
template <>
struct Argument<std::string_view> {
  [[nodiscard]] static std::optional<std::string_view> read(const wire::XmlRpcValue* value);
};

/// Integers; booleans count as 0 and 1, numbers in strings as themselves, doubles are truncated.
/// Saturates at +-kMaxInteger, so that sums of two cannot overflow.
template <>
struct Argument<std::int64_t> {
  static constexpr std::int64_t kMaxInteger = std::int64_t{1} << 61;
  [[nodiscard]] static std::optional<std::int64_t> read(const wire::XmlRpcValue* value);
};

/// Anything: empty, zero and null mean no. Left out means yes.
template <>
struct Argument<Wait> {
  [[nodiscard]] static std::optional<Wait> read(const wire::XmlRpcValue* value);
};

/// Any value, for methods that judge themselves.
template <>
struct Argument<const wire::XmlRpcValue&> {
  [[nodiscard]] static std::optional<std::reference_wrapper<const wire::XmlRpcValue>> read(
      const wire::XmlRpcValue* value);
};

using Arguments = std::span<const wire::XmlRpcValue>;
using Handler = Outcome (*)(Services&, Arguments);

template <auto Method>
struct Bound;

template <class R, class... P, R (*Method)(Services&, P...)>
struct Bound<Method> {
  static Outcome call(Services& services, Arguments arguments) {
    return call(services, arguments, std::index_sequence_for<P...>{});
  }

 private:
  template <std::size_t... I>
  static Outcome call(Services& services, [[maybe_unused]] Arguments arguments,
                      std::index_sequence<I...>) {
    const std::tuple<decltype(Argument<P>::read(nullptr))...> values{
        Argument<P>::read(I < arguments.size() ? &arguments[I] : nullptr)...};
    if (!(... && std::get<I>(values).has_value())) {
      return refuse(FaultCode::incorrect_parameters);
    }
    return Method(services, *std::get<I>(values)...);
  }
};

}  // namespace sv::rpc
