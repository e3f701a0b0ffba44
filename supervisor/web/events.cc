#include "web/events.h"

#include <utility>

#include "base/text.h"
#include "rpc/names.h"
#include "web/json.h"
#include "web/program_json.h"

namespace sv::web {

std::string snapshot_event(const rpc::Host& host, WallTime daemon_started, Permission permission) {
  const Now now = host.now();
  Json data;
  data["now"] = json_time(now.wall);
  data["daemon"] = daemon_json(host, daemon_started, permission);
  data["programs"] = all_programs(host, now);
  return to_text(data);
}

std::string state_event(const rpc::Host& host, const core::Process& process,
                        const core::StateChange& change) {
  const Now now = host.now();
  Json data;
  data["now"] = json_time(now.wall);
  data["name"] = rpc::namespec_of(process);
  data["from"] = core::state_name(change.from);
  data["to"] = core::state_name(change.to);
  // The program may have gone further by now; then there will be another event for that.
  data["program"] = program_json(host, process, now);
  return to_text(data);
}

std::string group_added_event(const rpc::Host& host, std::string_view group) {
  const Now now = host.now();
  Json programs = Json::array();
  if (const core::Group* found = host.supervisor().find_group(group)) {
    for (const auto& process : found->processes()) {
      programs.push_back(program_json(host, *process, now));
    }
  }
  Json data;
  data["now"] = json_time(now.wall);
  data["group"] = group;
  data["programs"] = std::move(programs);
  return to_text(data);
}

std::string group_removed_event(std::string_view group) {
  Json data;
  data["group"] = group;
  return to_text(data);
}

std::string daemon_event(core::Mood mood) {
  Json data;
  data["state"] = core::mood_name(mood);
  return to_text(data);
}

std::string event_frame(std::uint64_t id, std::string_view type, std::string_view data) {
  return cat({"id: ", std::to_string(id), "\nevent: ", type, "\ndata: ", data, "\n\n"});
}

}  // namespace sv::web
