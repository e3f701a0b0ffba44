#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/arguments.h"
#include "rpc/services.h"
#include "web/answer.h"

/// Starting, stopping and the like over the JSON interface. Everything is done by the methods of
/// the XML-RPC interface; here are names, lists, and answers.
namespace sv::web {

enum class Action { start, stop, restart, signal, clear };

/// "start"; nullopt for an unknown one.
[[nodiscard]] std::optional<Action> action_from_name(std::string_view name);

struct ActionRequest {
  /// More are refused: every one may become an entry of the answer.
  static constexpr std::size_t kMaxNames = 10'000;

  Action action = Action::start;
  /// "group:process", "name", "group:*" for a group, "*" for all.
  std::vector<std::string> names;
  std::string signal;  ///< number or name, for Action::signal
  rpc::Wait wait =
      rpc::Wait::yes;  ///< until it is up, or has ended; a restart always awaits the end
};

/// Whether a name stands for many.
[[nodiscard]] bool is_pattern(std::string_view name);

/// A fault as an error of this interface: its name is the code, its text the message.
[[nodiscard]] wire::HttpResponse fault_response(const wire::XmlRpcFault& fault);

/// Acts on one program: the answer is its new state, or the fault as an error.
[[nodiscard]] std::unique_ptr<PendingResponse> act_on_one(const rpc::Services& services,
                                                          ActionRequest request);

/// Acts on all that are named, at the same time: the answer lists what came of each, in the order
/// of the names. Those a pattern names are only listed if there was something to do.
[[nodiscard]] std::unique_ptr<PendingResponse> act_on_many(const rpc::Services& services,
                                                           ActionRequest request);

}  // namespace sv::web
