#include "web/routes.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "web/handlers.h"

namespace sv::web {
namespace {

template <Action kAction>
Answer act(const Call& call) {
  return act_on_name(call, kAction);
}

constexpr std::array kRoutes{
    Route{"GET", "/api/v1", get_index, "This list."},
    Route{"GET", "/api/v1/daemon", get_daemon, "The daemon itself."},
    Route{"GET", "/api/v1/daemon/log", get_daemon_log, "The daemon's log."},
    Route{"GET", "/api/v1/health", get_health, "Whether everything is well; 503 while stopping."},
    Route{"GET", "/api/v1/programs", get_programs, "All programs, sorted by group and name."},
    Route{"GET", "/api/v1/programs/{name}", get_program, "One program, with its settings."},
    Route{"GET", "/api/v1/programs/{name}/logs/{channel}", get_program_log,
          "A log of a program; the channel is stdout or stderr."},
    Route{"POST", "/api/v1/programs/{name}/start", act<Action::start>, "Starts.", true},
    Route{"POST", "/api/v1/programs/{name}/stop", act<Action::stop>, "Stops.", true},
    Route{"POST", "/api/v1/programs/{name}/restart", act<Action::restart>, "Stops, then starts.",
          true},
    Route{"POST", "/api/v1/programs/{name}/signal", act<Action::signal>, "Sends a signal.", true},
    Route{"POST", "/api/v1/programs/{name}/clear", act<Action::clear>, "Empties the logs.", true},
    Route{"POST", "/api/v1/actions", act_on_list, "One action for a list of programs.", true},
    Route{"GET", "/api/v1/usage", get_usage, "CPU time and memory of what runs, nothing else."},
    Route{"GET", "/api/v1/events", get_events, "What happens, as server-sent events."},
    Route{"GET", "/events", get_events, "The same at a shorter address."},
};

}  // namespace

std::optional<std::string> Call::parameter(std::string_view name) const {
  const auto fields = wire::parse_form(request.query);
  const auto found =
      std::ranges::find_if(fields, [name](const auto& field) { return field.first == name; });
  return found != fields.end() ? std::optional(found->second) : std::nullopt;
}

std::span<const Route> all_routes() {
  return kRoutes;
}

std::optional<PathValues> match(std::string_view pattern, std::string_view path) {
  const std::vector<std::string_view> wanted = split(pattern, '/');
  const std::vector<std::string_view> given = split(path, '/');
  if (wanted.size() != given.size()) {
    return std::nullopt;
  }
  PathValues values;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{') && !given[i].empty()) {
      values.push_back(given[i]);
    } else if (wanted[i] != given[i]) {
      return std::nullopt;
    }
  }
  return values;
}

}  // namespace sv::web
