#include "shell/auto_logs.h"

#include <utility>

#include "base/result.h"
#include "base/text.h"
#include "shell/auto_log.h"

namespace sv::shell {

AutoLogs::AutoLogs(std::string directory, std::string identifier, ActivityLog& log)
    : directory_(std::move(directory)), identifier_(std::move(identifier)), log_(log) {}

void AutoLogs::rename(std::string directory, std::string identifier) {
  directory_ = std::move(directory);
  identifier_ = std::move(identifier);
}

void AutoLogs::clean_up() {
  const AutoLogCleanup outcome = remove_auto_logs(directory_, identifier_);
  if (outcome.directory_unreadable) {
    log_.warn("Could not clear childlog dir");
  }
  for (const std::string& path : outcome.failed) {
    log_.warn(cat({"Failed to clean up '", path, "'"}));
  }
}

void AutoLogs::create_for(const core::Group& group) {
  for (const auto& process : group.processes()) {
    create(*process, core::Channel::standard_output, process->config->stdout_log);
    if (!process->config->redirect_stderr) {
      create(*process, core::Channel::standard_error, process->config->stderr_log);
    }
  }
}

void AutoLogs::create(const core::Process& process, core::Channel channel,
                      const config::LogConfig& log) {
  if (log.kind != config::LogKind::automatic) {
    return;
  }
  const auto path = create_auto_log(directory_, process.config->name, channel, identifier_);
  if (!path) {
    log_.warn(cat({"cannot create a log for '", process.config->name, "' in '", directory_,
                   "': ", errno_text(path.error())}));
    return;
  }
  paths_[{process.id, channel}] = *path;
}

void AutoLogs::forget(const core::Group& group) {
  for (const auto& process : group.processes()) {
    paths_.erase({process->id, core::Channel::standard_output});
    paths_.erase({process->id, core::Channel::standard_error});
  }
}

std::optional<std::string> AutoLogs::path(core::ProcessId id, core::Channel channel) const {
  const auto it = paths_.find({id, channel});
  return it != paths_.end() ? std::optional(it->second) : std::nullopt;
}

}  // namespace sv::shell
