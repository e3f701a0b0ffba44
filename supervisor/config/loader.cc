#include "config/loader.h"

#include <utility>

#include "base/text.h"
#include "config/load_state.h"
#include "config/paths.h"
#include "config/schema.h"

namespace sv::config {

std::vector<const IniSection*> sections_of(const IniDocument& document, std::string_view prefix) {
  std::vector<const IniSection*> found;
  for (const IniSection& section : document.sections) {
    if (section.name.starts_with(prefix)) {
      found.push_back(&section);
    }
  }
  return found;
}

ExpansionNames environment_names(const LoadContext& context) {
  ExpansionNames names;
  for (const auto& [name, value] : context.environment) {
    names.insert_or_assign("ENV_" + name, value);
  }
  return names;
}

void add_environment_names(ExpansionNames& names, const Environment& environment) {
  for (const auto& [name, value] : environment) {
    names.insert_or_assign("ENV_" + name, value);
  }
}

tl::expected<Config, ConfigErrors> load(const std::string& file, const LoadContext& context) {
  LoadState state{context, {}, {}, environment_names(context), {}, {}};
  state.config.file = file;
  state.config.here = directory_part(absolute_path(file, context.current_directory));
  state.names = state.env_names;
  state.names.insert_or_assign("here", state.config.here);

  read_files(state);
  if (!state.errors.empty()) {
    // Sections may be missing; what they leave behind would not be the user's mistakes.
    return tl::unexpected<ConfigErrors>(state.errors.take());
  }
  const std::optional<std::string> user = load_daemon(state);
  load_rpc_interfaces(state);
  load_groups(state);
  load_servers(state);
  resolve_daemon_user(state, user);
  load_navi(state);
  if (!state.errors.empty()) {
    return tl::unexpected<ConfigErrors>(state.errors.take());
  }
  for (std::string& line : unknown_names(state.document)) {
    state.config.warnings.push_back(std::move(line));
  }
  return std::move(state.config);
}

}  // namespace sv::config
