#include <variant>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/follow.h"
#include "ctl/process_state.h"
#include "ctl/render.h"

/// fg: a process as if it had been started here.
namespace sv::ctl {

Outcome<void> run_fg(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (names.empty()) {
    refuse(session, "ERROR: no process name supplied", "fg");
    return {};
  }
  std::string problem;
  if (names.size() > 1) {
    problem = "ERROR: too many process names supplied";
  } else if (auto info = session.call("supervisor.getProcessInfo", {names.front()}); info) {
    problem =
        integer_of(*info, "state") == process_state::kRunning ? "" : "ERROR: process not running";
  } else if (fault_code(info.error()) == fault::kBadName) {
    problem = "ERROR: bad process name supplied";
  } else {
    return failed(std::move(info.error()));
  }
  if (!problem.empty()) {
    session.say(problem);
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  run_in_foreground(session, names.front());
  return {};
}

}  // namespace sv::ctl
