#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/log.h"
#include "config/model.h"
#include "core/event.h"
#include "core/supervisor.h"

namespace sv::shell {

/// The files behind logs set to AUTO: made when a group is activated, kept while it is active,
/// known by process (supervisor-config, 14.1 and 14.2).
class AutoLogs {
 public:
  /// `log` outlives this.
  AutoLogs(std::string directory, std::string identifier, ActivityLog& log);

  /// For files made from here on.
  void rename(std::string directory, std::string identifier);

  /// Deletes the files of earlier runs; what cannot be deleted is a warning.
  void clean_up();

  /// Makes the files of a group's processes. One that cannot be made is a warning now and a spawn
  /// error later.
  void create_for(const core::Group& group);

  void forget(const core::Group& group);

  [[nodiscard]] std::optional<std::string> path(core::ProcessId id, core::Channel channel) const;

 private:
  void create(const core::Process& process, core::Channel channel, const config::LogConfig& log);

  std::string directory_;
  std::string identifier_;
  ActivityLog& log_;
  std::map<std::pair<core::ProcessId, core::Channel>, std::string> paths_;
};

}  // namespace sv::shell
