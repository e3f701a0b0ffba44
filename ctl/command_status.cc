#include <algorithm>
#include <array>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/names.h"
#include "ctl/process_state.h"
#include "ctl/render.h"
#include "ctl/screen.h"
#include "ctl/watch.h"

/// status, pid, version, open: looking without touching.
namespace sv::ctl {
namespace {

StatusRow row_of(const wire::XmlRpcValue& info) {
  return {make_namespec(text_of(info, "group"), text_of(info, "name")), text_of(info, "statename"),
          text_of(info, "description")};
}

bool is_stopped(const wire::XmlRpcValue& info) {
  return process_state::is_stopped(integer_of(info, "state"));
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

/// What names mean, and what is wrong with the others.
struct Selection {
  Infos infos;
  std::vector<std::string> problems;
};

Selection select_named(const wire::XmlRpcArray& all, const std::vector<std::string>& names) {
  Selection selection;
  for (const std::string& name : names) {
    const Namespec spec = split_namespec(name);
    if (!select(all, spec, selection.infos)) {
      selection.problems.push_back(spec.process ? cat({name, ": ERROR (no such process)"})
                                                : cat({spec.group, ": ERROR (no such group)"}));
    }
  }
  return selection;
}

std::vector<std::string> expand(Session& session, const wire::XmlRpcArray& all,
                                const std::vector<std::string>& names) {
  if (session.settings().dialect != Dialect::modctl) {
    return names;
  }
  std::vector<ProcessName> known;
  for (const wire::XmlRpcValue& info : all) {
    known.push_back({text_of(info, "group"), text_of(info, "name")});
  }
  return expand_patterns(names, Takes::processes, known);
}

Selection select_infos(Session& session, const wire::XmlRpcArray& all,
                       const std::vector<std::string>& names) {
  if (!names.empty() && std::ranges::find(names, "all") == names.end()) {
    return select_named(all, expand(session, all, names));
  }
  Selection selection;
  selection.infos.reserve(all.size());
  std::ranges::transform(all, std::back_inserter(selection.infos),
                         [](const auto& info) { return &info; });
  return selection;
}

void say_problems(Session& session, const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) {
    session.say(problem);
    session.set_exit_status(exit_status::kStatusUnknown);
  }
}

void print_statuses(Session& session, const Infos& infos) {
  if (session.answers_json()) {
    wire::XmlRpcArray list;
    std::ranges::transform(infos, std::back_inserter(list), [](const auto* info) { return *info; });
    session.answer_json(std::move(list));
    return;
  }
  std::vector<StatusRow> rows;
  rows.reserve(infos.size());
  std::ranges::transform(infos, std::back_inserter(rows),
                         [](const auto* info) { return row_of(*info); });
  session.console().out.write(status_table(rows, session.settings().palette));
}

Outcome<wire::XmlRpcValue> ask_for_watch(Session& session) {
  constexpr std::array<std::string_view, 8> kMembers{"name",        "group", "state", "statename",
                                                     "description", "pid",   "start", "now"};
  return session.call("supervisor.getAllProcessInfo", {}, kMembers);
}

Outcome<void> watch(Session& session, const std::vector<std::string>& names) {
  Console& console = session.console();
  const bool wants_json = session.answers_json();
  if (wants_json || !Screen::is_possible(console.in.fd(), console.out.fd())) {
    refuse(session, wants_json ? "Error: --watch shows no JSON" : "Error: --watch needs a terminal",
           "status", exit_status::kInvalidArguments);
    return {};
  }
  // Mistakes are told before the screen is taken over; later, a name may come and go.
  auto first = ask_for_watch(session);
  if (!first) {
    return failed(std::move(first.error()));
  }
  const auto problems = select_infos(session, elements_of(*first), names).problems;
  if (!problems.empty()) {
    say_problems(session, problems);
    return {};
  }
  watch_status(session, [&]() -> Outcome<std::vector<WatchedProgram>> {
    auto reply = ask_for_watch(session);
    if (!reply) {
      return failed(std::move(reply.error()));
    }
    std::vector<WatchedProgram> programs;
    for (const wire::XmlRpcValue* info : select_infos(session, elements_of(*reply), names).infos) {
      programs.push_back({row_of(*info), integer_of(*info, "pid"), integer_of(*info, "start"),
                          integer_of(*info, "now")});
    }
    return programs;
  });
  return {};
}

}  // namespace

Outcome<void> run_status(Session& session, const Arguments& arguments) {
  auto up = session.check_server();
  if (!up) {
    return failed(std::move(up.error()));
  }
  if (!*up) {
    session.set_exit_status(exit_status::kStatusUnknown);
    return {};
  }
  if (arguments.has(CommandOption::watch)) {
    return watch(session, arguments.words());
  }
  constexpr std::array<std::string_view, 5> kShown{"name", "group", "state", "statename",
                                                   "description"};
  const std::span<const std::string_view> members =
      session.answers_json() ? std::span<const std::string_view>() : kShown;
  auto reply = session.call("supervisor.getAllProcessInfo", {}, members);
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  const auto [infos, problems] = select_infos(session, elements_of(*reply), arguments.words());
  say_problems(session, problems);
  if (std::ranges::any_of(infos, [](const auto* info) { return is_stopped(*info); })) {
    session.set_exit_status(exit_status::kStatusNotRunning);
  }
  print_statuses(session, infos);
  return {};
}

namespace {

// Prints the pids, one a line or as a list.
void answer_pids(Session& session, const wire::XmlRpcArray& infos) {
  if (!session.answers_json()) {
    for (const wire::XmlRpcValue& info : infos) {
      session.say(std::to_string(integer_of(info, "pid")));
    }
    return;
  }
  wire::XmlRpcArray list;
  for (const wire::XmlRpcValue& info : infos) {
    list.emplace_back(wire::XmlRpcStruct{{"name", text_of(info, "name")},
                                         {"group", text_of(info, "group")},
                                         {"pid", integer_of(info, "pid")}});
  }
  session.answer_json(std::move(list));
}

// One after the other, so that a text answer comes line by line.
Outcome<void> pids_of(Session& session, const std::vector<std::string>& names) {
  wire::XmlRpcArray infos;
  for (const std::string& name : names) {
    auto info = session.call("supervisor.getProcessInfo", {name});
    if (!info) {
      if (fault_code(info.error()) != fault::kBadName) {
        return failed(std::move(info.error()));
      }
      session.say(cat({"No such process ", name}));
      session.set_exit_status(exit_status::kGeneric);
      continue;
    }
    if (integer_of(*info, "pid") == 0) {
      session.set_exit_status(exit_status::kNotRunning);
    }
    if (session.answers_json()) {
      infos.push_back(std::move(*info));
    } else {
      answer_pids(session, {std::move(*info)});
    }
  }
  if (session.answers_json()) {
    answer_pids(session, infos);
  }
  return {};
}

}  // namespace

Outcome<void> run_pid(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& names = arguments.words();
  if (std::ranges::find(names, "all") != names.end()) {
    auto infos = session.call("supervisor.getAllProcessInfo");
    if (!infos) {
      return failed(std::move(infos.error()));
    }
    answer_pids(session, elements_of(*infos));
    return {};
  }
  if (!names.empty()) {
    return pids_of(session, names);
  }
  auto reply = session.call("supervisor.getPID");
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  const auto* number = reply->get_if<std::int64_t>();
  const std::int64_t pid = number != nullptr ? *number : 0;
  if (session.answers_json()) {
    session.answer_json(wire::XmlRpcStruct{{"pid", pid}});
  } else {
    session.say(std::to_string(pid));
  }
  return {};
}

Outcome<void> run_version(Session& session, const Arguments& arguments) {
  if (!arguments.empty()) {
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
  if (session.answers_json()) {
    session.answer_json(wire::XmlRpcStruct{{"version", text != nullptr ? *text : ""}});
  } else {
    session.say(text != nullptr ? *text : "");
  }
  return {};
}

Outcome<void> run_open(Session& session, const Arguments& arguments) {
  const std::string_view url = arguments.text();
  const std::string scheme = ascii_lower(url.substr(0, url.find(':')));
  if (url.find(':') == std::string_view::npos || (scheme != "unix" && scheme != "http")) {
    session.say("ERROR: url must be http:// or unix://");
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  session.connect_elsewhere(std::string(url));
  // What the table shows is not this command's success or failure.
  const int before = session.exit_status();
  auto outcome = run_status(session, {});
  if (outcome) {
    session.set_exit_status(before);
  }
  return outcome;
}

}  // namespace sv::ctl
