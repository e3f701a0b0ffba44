#include <algorithm>
#include <array>

#include "base/parse.h"
#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/names.h"
#include "ctl/process_state.h"
#include "ctl/render.h"

/// health: one answer for a container's health check.
namespace sv::ctl {
namespace {

constexpr std::int64_t kDefaultSeconds = 5;

void unhealthy(Session& session, std::string_view reason) {
  session.say(cat({"unhealthy: ", reason}));
  session.set_exit_status(exit_status::kGeneric);
}

std::string name_of(const wire::XmlRpcValue& info) {
  return make_namespec(text_of(info, "group"), text_of(info, "name"));
}

// Every name that must run and does not.
void check_ready(Session& session, const std::vector<std::string>& names,
                 const wire::XmlRpcArray& infos) {
  std::vector<ProcessName> known;
  for (const wire::XmlRpcValue& info : infos) {
    known.push_back({text_of(info, "group"), text_of(info, "name")});
  }
  for (const std::string& name : expand_patterns(names, Takes::each_process, known)) {
    const Namespec spec = split_namespec(name);
    const auto found = std::ranges::find_if(infos, [&](const wire::XmlRpcValue& info) {
      return text_of(info, "group") == spec.group && text_of(info, "name") == spec.process;
    });
    if (found == infos.end()) {
      unhealthy(session, cat({name, ": no such process"}));
    } else if (integer_of(*found, "state") != process_state::kRunning) {
      unhealthy(session, cat({name, " is ", text_of(*found, "statename")}));
    }
  }
}

void check_fatal(Session& session, const wire::XmlRpcArray& infos) {
  for (const wire::XmlRpcValue& info : infos) {
    if (integer_of(info, "state") == process_state::kFatal) {
      unhealthy(session, cat({name_of(info), " is FATAL: ", text_of(info, "description")}));
    }
  }
}

}  // namespace

// The exit status is 0 or 1 whatever happens: others mean something else to container engines.
Outcome<void> run_health(Session& session, const Arguments& arguments) {
  const auto timeout = arguments.value_of(CommandOption::timeout);
  const auto seconds = timeout ? parse_integer(*timeout) : Result<std::int64_t>(kDefaultSeconds);
  if (!arguments.empty() || !seconds || *seconds <= 0 || *seconds > 86400) {
    refuse(session,
           arguments.empty() ? "Error: --timeout takes a number of seconds, up to a day"
                             : "Error: health accepts no arguments; did you mean --ready NAME?",
           "health");
    return {};
  }
  session.set_deadline(SystemClock().now().mono + std::chrono::seconds(*seconds));
  constexpr std::array<std::string_view, 5> kMembers{"name", "group", "state", "statename",
                                                     "description"};
  const auto reply = session.call("supervisor.getAllProcessInfo", {}, kMembers);
  if (!reply) {
    unhealthy(session, fault_code(reply.error()) == fault::kShutdownState
                           ? std::string("the daemon is shutting down")
                           : cat({session.endpoint().server_url, ": ", reason_of(reply.error())}));
    session.hint(reply.error());
    return {};
  }
  check_fatal(session, elements_of(*reply));
  check_ready(session, arguments.values_of(CommandOption::ready), elements_of(*reply));
  return {};
}

}  // namespace sv::ctl
