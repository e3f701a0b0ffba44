#include <algorithm>
#include <array>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/process_state.h"
#include "ctl/render.h"

/// status, pid, version, open: looking without touching.
namespace sv::ctl {
namespace {

StatusRow row_of(const wire::XmlRpcValue& info) {
  return {make_namespec(text_of(info, "group"), text_of(info, "name")), text_of(info, "statename"),
          text_of(info, "description")};
}

// STOPPED, EXITED, FATAL and UNKNOWN; on the way up or down is not "not running".
bool is_stopped(const wire::XmlRpcValue& info) {
  constexpr std::array kStopped{process_state::kStopped, process_state::kExited,
                                process_state::kFatal, process_state::kUnknown};
  return std::ranges::find(kStopped, integer_of(info, "state")) != kStopped.end();
}

using Infos = std::vector<const wire::XmlRpcValue*>;

// Appends what `name` means; false if that is nothing.
bool select(const wire::XmlRpcArray& all, const Namespec& name, Infos& selected) {
  const std::size_t before = selected.size();
  for (const wire::XmlRpcValue& info : all) {
    if (text_of(info, "group") == name.group &&
        (!name.process || text_of(info, "name") == *name.process)) {
      selected.push_back(&info);
    }
  }
  return selected.size() > before;
}

Infos select_named(Session& session, const wire::XmlRpcArray& all,
                   const std::vector<std::string_view>& names) {
  Infos selected;
  for (const std::string_view name : names) {
    const Namespec spec = split_namespec(name);
    if (!select(all, spec, selected)) {
      session.say(spec.process ? cat({name, ": ERROR (no such process)"})
                               : cat({spec.group, ": ERROR (no such group)"}));
      session.set_exit_status(exit_status::kStatusUnknown);
    }
  }
  return selected;
}

}  // namespace

Outcome<void> run_status(Session& session, std::string_view argument) {
  auto up = session.check_server();
  if (!up) {
    return failed(std::move(up.error()));
  }
  if (!*up) {
    session.set_exit_status(exit_status::kStatusUnknown);
    return {};
  }
  constexpr std::array<std::string_view, 5> kMembers{"name", "group", "state", "statename",
                                                     "description"};
  auto reply = session.call("supervisor.getAllProcessInfo", {}, kMembers);
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  const wire::XmlRpcArray& all = elements_of(*reply);
  const std::vector<std::string_view> names = split_words(argument);
  Infos selected;
  if (names.empty() || std::ranges::find(names, "all") != names.end()) {
    std::ranges::transform(all, std::back_inserter(selected),
                           [](const auto& info) { return &info; });
  } else {
    selected = select_named(session, all, names);
  }
  std::vector<StatusRow> rows;
  rows.reserve(selected.size());
  for (const wire::XmlRpcValue* info : selected) {
    rows.push_back(row_of(*info));
    if (is_stopped(*info)) {
      session.set_exit_status(exit_status::kStatusNotRunning);
    }
  }
  session.console().out.write(status_table(rows));
  return {};
}

namespace {

Outcome<void> print_pid_of(Session& session, std::string_view name) {
  auto info = session.call("supervisor.getProcessInfo", {name});
  if (!info) {
    if (fault_code(info.error()) != fault::kBadName) {
      return failed(std::move(info.error()));
    }
    session.say(cat({"No such process ", name}));
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  const std::int64_t pid = integer_of(*info, "pid");
  session.say(std::to_string(pid));
  if (pid == 0) {
    session.set_exit_status(exit_status::kNotRunning);
  }
  return {};
}

Outcome<void> print_all_pids(Session& session) {
  auto infos = session.call("supervisor.getAllProcessInfo");
  if (!infos) {
    return failed(std::move(infos.error()));
  }
  for (const wire::XmlRpcValue& info : elements_of(*infos)) {
    session.say(std::to_string(integer_of(info, "pid")));
  }
  return {};
}

}  // namespace

Outcome<void> run_pid(Session& session, std::string_view argument) {
  const std::vector<std::string_view> names = split_words(argument);
  if (std::ranges::find(names, "all") != names.end()) {
    return print_all_pids(session);
  }
  for (const std::string_view name : names) {
    if (auto outcome = print_pid_of(session, name); !outcome) {
      return outcome;
    }
  }
  if (!names.empty()) {
    return {};
  }
  auto pid = session.call("supervisor.getPID");
  if (!pid) {
    return failed(std::move(pid.error()));
  }
  const auto* number = pid->get_if<std::int64_t>();
  session.say(std::to_string(number != nullptr ? *number : 0));
  return {};
}

Outcome<void> run_version(Session& session, std::string_view argument) {
  if (!argument.empty()) {
    refuse(session, "Error: version accepts no arguments", "version");
    return {};
  }
  auto up = session.check_server();
  if (!up || !*up) {
    return up ? Outcome<void>() : failed(std::move(up.error()));
  }
  auto version = session.call("supervisor.getSupervisorVersion");
  if (!version) {
    return failed(std::move(version.error()));
  }
  const auto* text = version->get_if<std::string>();
  session.say(text != nullptr ? *text : "");
  return {};
}

Outcome<void> run_open(Session& session, std::string_view argument) {
  const std::string_view url = trim(argument);
  const std::string scheme = ascii_lower(url.substr(0, url.find(':')));
  if (url.find(':') == std::string_view::npos || (scheme != "unix" && scheme != "http")) {
    session.say("ERROR: url must be http:// or unix://");
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  session.connect_elsewhere(std::string(url));
  // What the table shows is not this command's success or failure.
  const int before = session.exit_status();
  auto outcome = run_status(session, "");
  if (outcome) {
    session.set_exit_status(before);
  }
  return outcome;
}

}  // namespace sv::ctl
