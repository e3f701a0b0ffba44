#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/dispatch.h"
#include "rpc/services.h"

/// What the buttons of the status page do, and what it says about it afterwards
/// (supervisor-protocol, 3.2).
namespace sv::web {

enum class PageAction { refresh, restart_all, stop_all, start, stop, restart, clear_log };

/// "restartall"; nullopt for an unknown one.
[[nodiscard]] std::optional<PageAction> page_action_from_name(std::string_view name);

/// Whether it acts on one process.
[[nodiscard]] bool needs_process(PageAction action);

/// An action under way. It waits for what it does, like a call with wait.
class RunningAction {
 public:
  /// `name` is the namespec of a process that exists; ignored by the others.
  RunningAction(const rpc::Services& services, PageAction action, std::string name);

  /// The message once it is done, in local time where it tells one.
  [[nodiscard]] std::optional<std::string> poll();
  [[nodiscard]] std::optional<MonoTime> deadline() const { return calls_.deadline(); }

 private:
  [[nodiscard]] std::string message(const wire::XmlRpcReply& last) const;

  rpc::Host& host_;
  PageAction action_;
  std::string name_;
  rpc::CallSequence calls_;
};

}  // namespace sv::web
