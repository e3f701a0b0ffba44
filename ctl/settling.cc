#include "ctl/settling.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/process_state.h"

namespace sv::ctl {
namespace {

using process_state::is_stopped;

std::string error(std::string_view reason) {
  return cat({"ERROR (", reason, ")"});
}

std::string name_of(const wire::XmlRpcValue& info) {
  return make_namespec(text_of(info, "group"), text_of(info, "name"));
}

bool names_process(const std::vector<std::string>& names, const wire::XmlRpcValue& info) {
  return std::ranges::any_of(names, [&info](const std::string& name) {
    const Namespec spec = split_namespec(name);
    return name == "all" || (spec.group == text_of(info, "group") &&
                             (!spec.process || *spec.process == text_of(info, "name")));
  });
}

std::set<std::string> keys_of(const auto& map) {
  std::set<std::string> keys;
  for (const auto& [key, value] : map) {
    keys.insert(key);
  }
  return keys;
}

}  // namespace

bool Settling::limit(Session& session, const Arguments& arguments, std::string_view verb) {
  const std::string_view value = arguments.value_of(CommandOption::wait).value_or("");
  if (value.empty()) {
    return true;
  }
  constexpr std::int64_t kMost = 365 * 24 * 3600;
  const auto seconds = parse_integer(value);
  if (!seconds || *seconds < 0 || *seconds > kMost) {
    refuse(session, cat({"Error: --wait takes a number of seconds, not ", value}), verb,
           exit_status::kInvalidArguments);
    return false;
  }
  session.set_deadline(SystemClock().now().mono + std::chrono::seconds(*seconds));
  return true;
}

Settling::Settling(Session& session, const Arguments& arguments)
    : session_(session),
      limit_(arguments.value_of(CommandOption::wait).value_or("")),
      until_(session.patience().deadline),
      changes_(session.endpoint(), session.patience()) {}

void Settling::allow_an_answer() {
  if (until_) {
    session_.set_deadline(
        std::max(*until_, SystemClock().now().mono + StateChanges::kAnswerWithin));
  }
}

Outcome<Settling::Infos> Settling::infos() {
  constexpr std::array<std::string_view, 7> kMembers{"name",      "group",    "start",      "state",
                                                     "statename", "spawnerr", "description"};
  allow_an_answer();
  auto reply = session_.call("supervisor.getAllProcessInfo", {}, kMembers);
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  Infos infos;
  for (const wire::XmlRpcValue& info : elements_of(*reply)) {
    infos.emplace(name_of(info), info);
  }
  return infos;
}

// What is not there is left out: the daemon refuses it when it is acted on.
Outcome<Settling::Infos> Settling::select(const std::vector<std::string>& names) {
  auto all = infos();
  if (all) {
    std::erase_if(*all,
                  [&names](const auto& entry) { return !names_process(names, entry.second); });
  }
  return all;
}

Outcome<bool> Settling::until(std::set<std::string> names, int status_if_late, const Judge& judge) {
  static const wire::XmlRpcValue kNothing;
  Infos last;
  for (;;) {
    auto fresh = names.empty() ? Outcome<Infos>(Infos{}) : infos();
    if (!fresh && system_error(fresh.error()) != ETIMEDOUT) {
      return failed(std::move(fresh.error()));
    }
    if (fresh) {
      last = std::move(*fresh);
      std::erase_if(names, [&](const std::string& name) {
        const auto found = last.find(name);
        const auto verdict = found != last.end()
                                 ? judge(name, found->second)
                                 : Verdict{error("no such process"), exit_status::kGeneric};
        if (verdict) {
          tell(name, *verdict);
        }
        return verdict.has_value();
      });
    }
    if (names.empty()) {
      return true;
    }
    session_.console().out.flush();
    const Wait ended =
        fresh ? changes_.wait({session_.patience().interrupts, until_}) : Wait::timed_out;
    if (ended == Wait::interrupted) {
      return failed(Interrupted{});
    }
    if (ended == Wait::timed_out) {
      give_up(names, last, status_if_late);
      return false;
    }
  }
}

void Settling::give_up(const std::set<std::string>& names, const Infos& infos, int status) {
  for (const std::string& name : names) {
    const auto found = infos.find(name);
    const std::string state = found != infos.end() ? text_of(found->second, "statename") : "";
    const std::string since = cat({" after ", limit_, " s"});
    tell(name, {error(state.empty() ? cat({"the daemon does not answer", since})
                                    : cat({"still ", state, since})),
                status});
  }
}

void Settling::tell(const std::string& name, const Verdict& verdict) {
  if (!verdict.text.empty() && (verdict.exit_status || !session_.answers_json())) {
    session_.say(cat({name, ": ", verdict.text}));
  }
  if (verdict.exit_status) {
    session_.set_exit_status(*verdict.exit_status);
  }
}

Outcome<void> Settling::begin(Action action, const std::vector<std::string>& names, int expected,
                              std::map<std::string, ProcessResult>& answers) {
  action.at_once = true;
  allow_an_answer();
  return act(session_, action, names, [&](const ProcessResult& result) -> Outcome<void> {
    answers[result.name] = result;
    return result.status == fault::kSuccess || result.status == expected
               ? Outcome<void>()
               : say_result(session_, action.verb, result);
  });
}

namespace {

/// Whether the daemon took a request for a process, or had no reason to.
bool is_refused(const std::map<std::string, ProcessResult>& answers, const std::string& name,
                int expected) {
  const auto found = answers.find(name);
  return found != answers.end() && found->second.status != fault::kSuccess &&
         found->second.status != expected;
}

bool is_begun(const std::map<std::string, ProcessResult>& answers, const std::string& name) {
  const auto found = answers.find(name);
  return found != answers.end() && found->second.status == fault::kSuccess;
}

/// How a start went, once that is known: nullopt on the way. A program that has ended again was
/// running before, and the daemon leaves no reason where that was expected.
struct StartOutcome {
  bool good = false;
  std::string text;
};

std::optional<StartOutcome> start_outcome(const wire::XmlRpcValue& info) {
  switch (integer_of(info, "state")) {
    case process_state::kRunning:
      return StartOutcome{true, "started"};
    case process_state::kExited: {
      const std::string reason = text_of(info, "spawnerr");
      return reason.empty() ? StartOutcome{true, "started, and has ended since"}
                            : StartOutcome{false, error(reason)};
    }
    case process_state::kFatal:
      return StartOutcome{false, error(text_of(info, "description"))};
    case process_state::kStopped:
      return StartOutcome{false, error("stopped meanwhile")};
    case process_state::kUnknown:
      return StartOutcome{false, error("its state is unknown")};
    default:
      return std::nullopt;
  }
}

}  // namespace

Outcome<bool> Settling::start(const std::vector<std::string>& names) {
  auto before = select(names);
  if (!before) {
    return failed(std::move(before.error()));
  }
  // The daemon does not start what it is stopping.
  auto stopped =
      until(keys_of(*before), exit_status::kNotRunning, [](const auto& /*name*/, const auto& info) {
        return integer_of(info, "state") == process_state::kStopping ? std::nullopt
                                                                     : std::optional(Verdict{});
      });
  if (!stopped || !*stopped) {
    return stopped;
  }
  std::map<std::string, ProcessResult> answers;
  if (auto begun = begin(kStart, names, fault::kAlreadyStarted, answers); !begun) {
    return failed(std::move(begun.error()));
  }
  std::set<std::string> waiting = keys_of(*before);
  std::erase_if(waiting, [&](const std::string& name) {
    return is_refused(answers, name, fault::kAlreadyStarted);
  });
  return until(
      std::move(waiting), exit_status::kNotRunning,
      [&](const std::string& name, const wire::XmlRpcValue& info) -> std::optional<Verdict> {
        const auto outcome = start_outcome(info);
        if (!outcome) {
          return std::nullopt;
        }
        if (!outcome->good) {
          return Verdict{outcome->text, exit_status::kNotRunning};
        }
        if (is_begun(answers, name) ||
            integer_of(before->at(name), "state") != process_state::kRunning) {
          return Verdict{outcome->text, std::nullopt};
        }
        // It ran all the time: news only to whoever named it.
        return Verdict{answers.contains(name) ? error("already started") : std::string(),
                       std::nullopt};
      });
}

Outcome<bool> Settling::stop(const std::vector<std::string>& names) {
  auto before = select(names);
  if (!before) {
    return failed(std::move(before.error()));
  }
  std::map<std::string, ProcessResult> answers;
  if (auto begun = begin(kStop, names, fault::kNotRunning, answers); !begun) {
    return failed(std::move(begun.error()));
  }
  std::set<std::string> waiting = keys_of(*before);
  std::erase_if(waiting, [&](const std::string& name) {
    return is_refused(answers, name, fault::kNotRunning);
  });
  return until(
      std::move(waiting), exit_status::kGeneric,
      [&](const std::string& name, const wire::XmlRpcValue& info) -> std::optional<Verdict> {
        const std::int64_t state = integer_of(info, "state");
        if (state == process_state::kStopping) {
          return std::nullopt;
        }
        if (!is_stopped(state)) {
          return Verdict{error("started again meanwhile"), exit_status::kGeneric};
        }
        if (is_begun(answers, name) || !is_stopped(integer_of(before->at(name), "state"))) {
          return Verdict{"stopped", std::nullopt};
        }
        return Verdict{answers.contains(name) ? error("not running") : std::string(), std::nullopt};
      });
}

Outcome<bool> Settling::groups(const std::vector<std::string>& names) {
  constexpr std::array<std::string_view, 3> kMembers{"name", "group", "autostart"};
  auto configured = session_.call("supervisor.getAllConfigInfo", {}, kMembers);
  if (!configured) {
    return failed(std::move(configured.error()));
  }
  std::set<std::string> waiting;
  for (const wire::XmlRpcValue& info : elements_of(*configured)) {
    // A group of a family is called as the one process in it is: "service:web".
    const auto is_of = [group = text_of(info, "group"), name = name_of(info)](const auto& wanted) {
      return wanted == group || wanted == name;
    };
    if (truth_of(info, "autostart") && std::ranges::any_of(names, is_of)) {
      waiting.insert(name_of(info));
    }
  }
  return until(std::move(waiting), exit_status::kNotRunning,
               [](const auto& /*name*/, const auto& info) -> std::optional<Verdict> {
                 // Supervisor starts what was added only when it comes to it.
                 const bool not_begun = integer_of(info, "state") == process_state::kStopped &&
                                        integer_of(info, "start") == 0;
                 const auto outcome = not_begun ? std::nullopt : start_outcome(info);
                 if (!outcome) {
                   return std::nullopt;
                 }
                 return Verdict{outcome->text, outcome->good
                                                   ? std::nullopt
                                                   : std::optional(exit_status::kNotRunning)};
               });
}

}  // namespace sv::ctl
