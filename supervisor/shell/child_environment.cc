#include "shell/child_environment.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace sv::shell {
namespace {

void set(config::Environment& environment, std::string_view key, std::string_view value) {
  const auto same = [key](const auto& entry) { return entry.first == key; };
  if (const auto it = std::ranges::find_if(environment, same); it != environment.end()) {
    it->second = value;
  } else {
    environment.emplace_back(key, value);
  }
}

const std::string* get(const config::Environment& environment, std::string_view key) {
  const auto same = [key](const auto& entry) { return entry.first == key; };
  const auto it = std::ranges::find_if(environment, same);
  return it != environment.end() ? &it->second : nullptr;
}

}  // namespace

ChildEnvironment::ChildEnvironment(const char* const* variables) {
  for (; *variables != nullptr; ++variables) {
    const std::string_view variable(*variables);
    const std::size_t equals = variable.find('=');
    if (equals != std::string_view::npos && equals != 0) {
      set(inherited_, variable.substr(0, equals), variable.substr(equals + 1));
    }
  }
}

std::vector<std::string> ChildEnvironment::build(
    const config::ProcessConfig& process, std::string_view group,
    const std::optional<std::string>& default_server_url) const {
  config::Environment environment = inherited_;
  set(environment, "SUPERVISOR_ENABLED", "1");
  const std::optional<std::string>& url =
      process.server_url ? process.server_url : default_server_url;
  if (url && !url->empty()) {
    set(environment, "SUPERVISOR_SERVER_URL", *url);
  }
  set(environment, "SUPERVISOR_PROCESS_NAME", process.name);
  set(environment, "SUPERVISOR_GROUP_NAME", group);
  for (const auto& [key, value] : process.environment) {
    set(environment, key, value);
  }
  std::vector<std::string> out;
  out.reserve(environment.size());
  for (const auto& [key, value] : environment) {
    out.push_back(cat({key, "=", value}));
  }
  return out;
}

std::optional<std::string> ChildEnvironment::search_path(
    const config::ProcessConfig& process) const {
  if (const std::string* configured = get(process.environment, "PATH")) {
    // A configured PATH of nothing is the current directory; an inherited one is as good as none.
    return configured->empty() ? ":" : *configured;
  }
  const std::string* path = get(inherited_, "PATH");
  return path != nullptr ? std::optional(*path) : std::nullopt;
}

}  // namespace sv::shell
