#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "base/log.h"
#include "core/supervisor.h"
#include "os/user_db.h"
#include "shell/auto_logs.h"
#include "shell/child.h"
#include "shell/child_command.h"
#include "shell/child_environment.h"
#include "shell/child_io.h"
#include "shell/log_sink.h"

namespace sv::shell {

/// Turns a process's configuration into a running child: finds the command, opens the logs, makes
/// the pipes, resolves identity and environment, spawns. Nothing is left behind by a failure.
class ChildLauncher {
 public:
  /// References outlive the launcher.
  struct Parts {
    OutputHub& hub;
    SinkFactory& sinks;
    const AutoLogs& auto_logs;
    ChildObserver& observer;
    ActivityLog& log;
  };
  struct Settings {
    bool strip_ansi = false;
    std::optional<std::string> default_server_url;
  };

  ChildLauncher(Parts parts, ChildEnvironment environment, Settings settings);

  /// For children launched from here on.
  void strip_ansi_from_now(bool strip) noexcept { settings_.strip_ansi = strip; }

  /// How this run differs from what the configuration says. Descriptors are borrowed.
  struct Request {
    std::optional<int> stdin_fd;   ///< a FastCGI socket, or what a service reads
    std::optional<int> stdout_fd;  ///< instead of a pipe of ours
    std::optional<ChildCommand> command;
  };

  struct Launched {
    pid_t pid = 0;
    std::unique_ptr<Child> child;
  };

  /// The error is the text clients see ("spawnerr"; supervisor-config, 13.2).
  [[nodiscard]] tl::expected<Launched, std::string> launch(const core::Process& process,
                                                           Request request);

  /// Whether launch() would find something to execute.
  [[nodiscard]] tl::expected<ChildCommand, CommandRefusal> resolve(
      const core::Process& process) const;

 private:
  [[nodiscard]] tl::expected<std::unique_ptr<LogSink>, int> open_log(const core::Process& process,
                                                                     core::Channel channel);
  [[nodiscard]] tl::expected<std::unique_ptr<Child>, int> make_child(
      const core::Process& process, std::optional<int> stdin_socket);
  [[nodiscard]] os::ChildPlan make_plan(const core::Process& process, ChildCommand command);
  [[nodiscard]] std::optional<os::ChildIdentity> identity(const config::UserRef& user);

  Parts parts_;
  ChildEnvironment environment_;
  Settings settings_;
};

}  // namespace sv::shell
