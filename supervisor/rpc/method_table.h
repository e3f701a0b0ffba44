#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "rpc/arguments.h"

/// The one list of methods. It drives dispatch, system.listMethods, methodHelp, methodSignature
/// and docs/rpc.md.
namespace sv::rpc {

enum class Availability {
  while_running,  ///< SHUTDOWN_STATE once a shutdown or restart has begun
  always,
};

/// A parameter or a result, in the words of XML-RPC.
struct TypedText {
  std::string_view type;  ///< "string", "int", "boolean", "array", "struct"
  std::string_view name;  ///< empty for results
  std::string_view text;
};

struct Method {
  static constexpr std::size_t kMaxParameters = 3;

  std::string_view name;  ///< "supervisor.getState"
  Handler handler = nullptr;
  std::string_view text;  ///< what it does, for people
  TypedText result;
  std::array<TypedText, kMaxParameters> parameters{};  ///< unused ones have no type
  std::size_t required = 0;                            ///< the others may be left out
  Availability availability = Availability::while_running;
  std::string_view faults{};  ///< codes besides INCORRECT_PARAMETERS and SHUTDOWN_STATE, for people
  Access needs = Access::full;  ///< read_only: changes nothing, or judges its parts (multicall)

  [[nodiscard]] constexpr std::size_t parameter_count() const {
    std::size_t count = 0;
    while (count < kMaxParameters && !parameters[count].type.empty()) {
      ++count;
    }
    return count;
  }
};

/// All methods, sorted by name as bytes.
[[nodiscard]] std::span<const Method> all_methods();

/// nullptr when there is none of that name.
[[nodiscard]] const Method* find_method(std::string_view name);

/// Whether a caller sees it: supervisor.* needs its section in the configuration.
[[nodiscard]] bool is_offered(const Method& method, const Services& services);

/// The text of system.methodHelp, ending with @param and @return lines.
[[nodiscard]] std::string method_help(const Method& method);

}  // namespace sv::rpc
