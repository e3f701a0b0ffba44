#include "config/early.h"

#include <utility>

#include "config/ini_source.h"
#include "config/load_state.h"
#include "config/paths.h"

namespace sv::config {

std::optional<EarlySettings> peek(const std::string& file, const LoadContext& context) {
  auto document = read_ini_file(file, context.limits);
  if (!document || document->find("supervisord") == nullptr) {
    return std::nullopt;
  }
  LoadState state{context, std::move(*document), {}, environment_names(context), {}, {}};
  state.defaults = state.document.find("DEFAULT");
  state.config.file = file;
  state.config.here = directory_part(absolute_path(file, context.current_directory));
  state.names = state.env_names;
  state.names.insert_or_assign("here", state.config.here);
  resolve_daemon_user(state, load_daemon(state));
  return EarlySettings{std::move(state.config.daemon.user), state.config.daemon.min_fds,
                       state.config.daemon.min_procs};
}

}  // namespace sv::config
