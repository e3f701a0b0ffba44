#include <algorithm>
#include <map>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/render.h"

/// avail, reread, update, add, remove: bringing a changed configuration into effect.
namespace sv::ctl {

Outcome<void> run_avail(Session& session, std::string_view argument) {
  if (!argument.empty()) {
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

}  // namespace

Outcome<void> run_reread(Session& session, std::string_view argument) {
  if (!argument.empty()) {
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
  Update(Session& session, std::vector<std::string_view> only)
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
    for (const std::string_view name : only_) {
      if (std::ranges::find(known, name) == known.end()) {
        session_.say(cat({"ERROR: no such group: ", name}));
        session_.set_exit_status(exit_status::kGeneric);
      }
    }
    return {};
  }

  Outcome<void> each(const Names& names, Outcome<void> (Update::*step)(const std::string&)) {
    for (const std::string& name : names) {
      if (only_.empty() || std::ranges::find(only_, name) != only_.end()) {
        if (auto outcome = (this->*step)(name); !outcome) {
          return outcome;
        }
      }
    }
    return {};
  }

  Outcome<void> remove(const std::string& group) {
    auto results = session_.call("supervisor.stopProcessGroup", {group});
    if (!results) {
      return failed(std::move(results.error()));
    }
    session_.say(cat({group, ": stopped"}));
    const bool stuck = std::ranges::any_of(elements_of(*results), [](const auto& result) {
      return integer_of(result, "status") == fault::kFailed;
    });
    if (stuck) {
      session_.say(cat({group, ": has problems; not removing"}));
      session_.set_exit_status(exit_status::kGeneric);
      return {};
    }
    return done("supervisor.removeProcessGroup", group, ": removed process group");
  }

  Outcome<void> replace(const std::string& group) {
    return done("supervisor.stopProcessGroup", group, ": stopped")
        .and_then([&] { return done("supervisor.removeProcessGroup", group, ""); })
        .and_then(
            [&] { return done("supervisor.addProcessGroup", group, ": updated process group"); });
  }

  Outcome<void> add(const std::string& group) {
    return done("supervisor.addProcessGroup", group, ": added process group");
  }

  Outcome<void> done(std::string_view method, const std::string& group, std::string_view text) {
    auto reply = session_.call(method, {group});
    if (!reply) {
      return failed(std::move(reply.error()));
    }
    if (!text.empty()) {
      session_.say(cat({group, text}));
    }
    return {};
  }

  Session& session_;
  std::vector<std::string_view> only_;
};

}  // namespace

Outcome<void> run_update(Session& session, std::string_view argument) {
  const auto changes = reread(session);
  if (!changes) {
    if (fault_code(changes.error()) != fault::kShutdownState) {
      return failed(changes.error());
    }
    session.say("ERROR: already shutting down");
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  return Update(session, split_words(argument)).apply(*changes);
}

Outcome<void> run_add(Session& session, std::string_view argument) {
  for (const std::string_view name : split_words(argument)) {
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

Outcome<void> run_remove(Session& session, std::string_view argument) {
  for (const std::string_view name : split_words(argument)) {
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
