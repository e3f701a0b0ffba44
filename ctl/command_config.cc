#include <algorithm>
#include <map>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/render.h"
#include "ctl/settling.h"

/// avail, reread, update, add, remove: bringing a changed configuration into effect.
namespace sv::ctl {

Outcome<void> run_avail(Session& session, const Arguments& arguments) {
  if (!arguments.empty()) {
    refuse(session, "Error: avail accepts no arguments", "avail");
    return {};
  }
  auto reply = session.call("supervisor.getAllConfigInfo");
  if (!reply) {
    if (fault_code(reply.error()) != fault::kShutdownState) {
      return failed(std::move(reply.error()));
    }
    session.say("ERROR: supervisor shutting down");
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  if (session.answers_json()) {
    session.answer_json(*reply);
    return {};
  }
  for (const wire::XmlRpcValue& info : elements_of(*reply)) {
    session.say(avail_line({make_namespec(text_of(info, "group"), text_of(info, "name")),
                            truth_of(info, "inuse"), truth_of(info, "autostart"),
                            integer_of(info, "group_prio"), integer_of(info, "process_prio")}));
  }
  return {};
}

namespace {

using Names = std::vector<std::string>;

/// What reloadConfig answers: names of groups.
struct Changes {
  Names added;
  Names changed;
  Names removed;
};

Names names_in(const wire::XmlRpcArray& lists, std::size_t index) {
  Names names;
  if (index < lists.size()) {
    for (const wire::XmlRpcValue& value : elements_of(lists[index])) {
      const auto* name = value.get_if<std::string>();
      names.push_back(name != nullptr ? *name : std::string());
    }
  }
  return names;
}

// [[added, changed, removed]]
Outcome<Changes> reread(Session& session) {
  auto reply = session.call("supervisor.reloadConfig");
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  const wire::XmlRpcArray& outer = elements_of(*reply);
  if (outer.empty()) {
    return Changes{};
  }
  const wire::XmlRpcArray& lists = elements_of(outer.front());
  return Changes{names_in(lists, 0), names_in(lists, 1), names_in(lists, 2)};
}

wire::XmlRpcArray list_of(const Names& names) {
  return {names.begin(), names.end()};
}

void answer_json(Session& session, const Changes& changes) {
  session.answer_json(wire::XmlRpcStruct{{"added", list_of(changes.added)},
                                         {"changed", list_of(changes.changed)},
                                         {"removed", list_of(changes.removed)}});
}

}  // namespace

Outcome<void> run_reread(Session& session, const Arguments& arguments) {
  if (!arguments.empty()) {
    refuse(session, "Error: reread accepts no arguments", "reread");
    return {};
  }
  const auto changes = reread(session);
  if (!changes) {
    session.set_exit_status(exit_status::kGeneric);
    switch (fault_code(changes.error())) {
      case fault::kShutdownState:
        session.say("ERROR: supervisor shutting down");
        return {};
      case fault::kCantReread:
        session.say(cat({"ERROR: ", std::get<wire::XmlRpcFault>(changes.error()).text}));
        return {};
      default:
        return failed(changes.error());
    }
  }
  if (session.answers_json()) {
    answer_json(session, *changes);
    return {};
  }
  std::map<std::string_view, std::string_view> lines;
  const auto note = [&lines](const Names& names, std::string_view what) {
    for (const std::string& name : names) {
      lines[name] = what;
    }
  };
  note(changes->added, "available");
  note(changes->changed, "changed");
  note(changes->removed, "disappeared");
  for (const auto& [name, what] : lines) {
    session.say(cat({name, ": ", what}));
  }
  if (lines.empty()) {
    session.say("No config updates to processes");
  }
  return {};
}

namespace {

/// Applies what a reread found, restricted to the names given (none: no restriction).
class Update {
 public:
  Update(Session& session, std::vector<std::string> only)
      : session_(session), only_(std::move(only)) {
    if (std::ranges::find(only_, "all") != only_.end()) {
      only_.clear();
    }
  }

  Outcome<void> apply(const Changes& changes) {
    return check_names(changes.added)
        .and_then([&] { return each(changes.removed, &Update::remove); })
        .and_then([&] { return each(changes.changed, &Update::replace); })
        .and_then([&] { return each(changes.added, &Update::add); });
  }

  /// What has been applied so far.
  [[nodiscard]] const Changes& done() const { return done_; }

 private:
  // A name that is neither active nor new is told, and the others are done all the same.
  Outcome<void> check_names(const Names& added) {
    if (only_.empty()) {
      return {};
    }
    auto infos = session_.call("supervisor.getAllProcessInfo");
    if (!infos) {
      return failed(std::move(infos.error()));
    }
    Names known = added;
    for (const wire::XmlRpcValue& info : elements_of(*infos)) {
      known.push_back(text_of(info, "group"));
    }
    for (const std::string& name : only_) {
      if (std::ranges::none_of(known, [&name](const auto& group) { return means(name, group); })) {
        session_.say(cat({"ERROR: no such group: ", name}));
        session_.set_exit_status(exit_status::kGeneric);
      }
    }
    return {};
  }

  Outcome<void> each(const Names& names, Outcome<void> (Update::*act)(const std::string&)) {
    for (const std::string& name : names) {
      const auto is_wanted = [&name](const auto& wanted) { return means(wanted, name); };
      if (only_.empty() || std::ranges::any_of(only_, is_wanted)) {
        if (auto outcome = (this->*act)(name); !outcome) {
          return outcome;
        }
      }
    }
    return {};
  }

  /// A name that was given means the group called so, or all of a family ("service:web" is of the
  /// family "service").
  static bool means(std::string_view given, std::string_view group) {
    return group.starts_with(given) && (group.size() == given.size() || group[given.size()] == ':');
  }

  Outcome<void> remove(const std::string& group) {
    auto results = session_.call("supervisor.stopProcessGroup", {group});
    if (!results) {
      return failed(std::move(results.error()));
    }
    progress(group, "stopped");
    const bool stuck = std::ranges::any_of(elements_of(*results), [](const auto& result) {
      return integer_of(result, "status") == fault::kFailed;
    });
    if (stuck) {
      session_.say(cat({group, ": has problems; not removing"}));
      session_.set_exit_status(exit_status::kGeneric);
      return {};
    }
    return call("supervisor.removeProcessGroup", group).map([&] {
      progress(group, "removed process group");
      done_.removed.push_back(group);
    });
  }

  Outcome<void> replace(const std::string& group) {
    return call("supervisor.stopProcessGroup", group)
        .map([&] { progress(group, "stopped"); })
        .and_then([&] { return call("supervisor.removeProcessGroup", group); })
        .and_then([&] { return call("supervisor.addProcessGroup", group); })
        .map([&] {
          progress(group, "updated process group");
          done_.changed.push_back(group);
        });
  }

  Outcome<void> add(const std::string& group) {
    return call("supervisor.addProcessGroup", group).map([&] {
      progress(group, "added process group");
      done_.added.push_back(group);
    });
  }

  Outcome<void> call(std::string_view method, const std::string& group) {
    auto reply = session_.call(method, {group});
    return reply ? Outcome<void>() : failed(std::move(reply.error()));
  }

  void progress(const std::string& group, std::string_view what) {
    if (!session_.answers_json()) {
      session_.say(cat({group, ": ", what}));
    }
  }

  Session& session_;
  std::vector<std::string> only_;
  Changes done_;
};

}  // namespace

namespace {

Outcome<void> wait_for_started(Session& session, const Arguments& arguments,
                               const Changes& changes) {
  Names groups = changes.changed;
  groups.insert(groups.end(), changes.added.begin(), changes.added.end());
  return Settling(session, arguments).groups(groups).map([](bool /*in_time*/) {});
}

}  // namespace

Outcome<void> run_update(Session& session, const Arguments& arguments) {
  if (!Settling::limit(session, arguments, "update")) {
    return {};
  }
  const auto changes = reread(session);
  if (!changes) {
    if (fault_code(changes.error()) != fault::kShutdownState) {
      return failed(changes.error());
    }
    session.say("ERROR: already shutting down");
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  Update update(session, arguments.words());
  auto outcome = update.apply(*changes);
  if (outcome && arguments.has(CommandOption::wait)) {
    outcome = wait_for_started(session, arguments, update.done());
  }
  if (session.answers_json()) {
    answer_json(session, update.done());
  }
  return outcome;
}

Outcome<void> run_add(Session& session, const Arguments& arguments) {
  for (const std::string& name : arguments.words()) {
    auto reply = session.call("supervisor.addProcessGroup", {name});
    if (reply) {
      session.say(cat({name, ": added process group"}));
      continue;
    }
    switch (fault_code(reply.error())) {
      case fault::kShutdownState:
        session.say("ERROR: shutting down");
        session.set_exit_status(exit_status::kGeneric);
        break;
      case fault::kAlreadyAdded:
        session.say("ERROR: process group already active");  // as wanted: exit status unchanged
        break;
      case fault::kBadName:
        session.say(cat({"ERROR: no such process/group: ", name}));
        session.set_exit_status(exit_status::kGeneric);
        break;
      default:
        return failed(std::move(reply.error()));
    }
  }
  return {};
}

Outcome<void> run_remove(Session& session, const Arguments& arguments) {
  for (const std::string& name : arguments.words()) {
    auto reply = session.call("supervisor.removeProcessGroup", {name});
    if (reply) {
      session.say(cat({name, ": removed process group"}));
      continue;
    }
    session.set_exit_status(exit_status::kGeneric);
    switch (fault_code(reply.error())) {
      case fault::kStillRunning:
        session.say(cat({"ERROR: process/group still running: ", name}));
        break;
      case fault::kBadName:
        session.say(cat({"ERROR: no such process/group: ", name}));
        break;
      default:
        return failed(std::move(reply.error()));
    }
  }
  return {};
}

}  // namespace sv::ctl
