#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// Running methods by name, for everybody who does: the dispatcher, multicall, the status page.
namespace sv::rpc {

/// Why a caller who may only look is refused, here and in the JSON interface.
inline constexpr std::string_view kReadOnlyText =
    "these credentials may look, but not change anything";

/// Finds and runs one method: unknown names, the number of arguments, the shutdown gate and the
/// caller's access are judged here, in this order. A reply that would wait has been polled once.
/// Never throws: an exception is a defect and answers FAILED.
[[nodiscard]] Outcome dispatch(Services& services, const wire::XmlRpcCall& call);

/// Calls that run strictly one after the other, each waiting for its predecessor. Faults do not
/// stop it. Keeps a copy of what it runs.
class CallSequence {
 public:
  /// A call, or the answer that stands in for one that cannot be made.
  using Step = OrFault<wire::XmlRpcCall>;

  CallSequence(const Services& services, std::vector<Step> steps);

  /// Goes on as far as possible. The replies in order when all have come; not called again then.
  [[nodiscard]] std::optional<std::vector<wire::XmlRpcReply>> poll();

  [[nodiscard]] std::optional<MonoTime> deadline() const;

 private:
  void begin(const Step& step);

  Services services_;
  std::vector<Step> steps_;
  std::vector<wire::XmlRpcReply> replies_;
  std::unique_ptr<Pending> current_;  ///< the step after those in replies_, if it waits
};

}  // namespace sv::rpc
