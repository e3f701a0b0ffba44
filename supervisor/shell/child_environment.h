#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.h"

namespace sv::shell {

/// The environment children are built from: the daemon's own, read once at start.
/// Lowest to highest (supervisor-config, 13.4): this, the SUPERVISOR_* variables, environment= of
/// [supervisord] and of the program (already merged in ProcessConfig::environment).
class ChildEnvironment {
 public:
  /// `variables` are "KEY=value" as in environ; entries without '=' are dropped.
  explicit ChildEnvironment(const char* const* variables);

  /// What a child of this process gets, as "KEY=value", each key once.
  [[nodiscard]] std::vector<std::string> build(
      const config::ProcessConfig& process, std::string_view group,
      const std::optional<std::string>& default_server_url) const;

  /// PATH for finding the process's command: its environment's, else the daemon's own.
  [[nodiscard]] std::optional<std::string> search_path(const config::ProcessConfig& process) const;

 private:
  config::Environment inherited_;
};

}  // namespace sv::shell
