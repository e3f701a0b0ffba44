#include "shell/child_launcher.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/result.h"
#include "base/text.h"
#include "os/spawn.h"

namespace sv::shell {
namespace {

/// The texts of supervisor-config, 13.2, for pipes and logs that could not be made.
std::string dispatcher_failure(const core::Process& process, int err) {
  const std::string& name = process.config->name;
  if (err == EMFILE || err == ENFILE) {
    return cat({"too many open files to spawn '", name, "'"});
  }
  return cat({"unknown error making dispatchers for '", name, "': ", errno_name(err)});
}

std::string clone_failure(const core::Process& process, int err) {
  const std::string& name = process.config->name;
  if (err == EAGAIN) {
    return cat({"Too many processes in process table to spawn '", name, "'"});
  }
  return cat({"unknown error during fork for '", name, "': ", errno_name(err)});
}

}  // namespace

ChildLauncher::ChildLauncher(Parts parts, ChildEnvironment environment, Settings settings)
    : parts_(parts), environment_(std::move(environment)), settings_(std::move(settings)) {}

tl::expected<ChildCommand, CommandRefusal> ChildLauncher::resolve(
    const core::Process& process) const {
  return resolve_command(*process.config, environment_.search_path(*process.config));
}

tl::expected<ChildLauncher::Launched, std::string> ChildLauncher::launch(
    const core::Process& process, Request request) {
  if (!request.command) {
    tl::expected<ChildCommand, CommandRefusal> command = resolve(process);
    if (!command) {
      return tl::unexpected(std::move(command.error().message));
    }
    request.command = std::move(*command);
  }
  tl::expected<std::unique_ptr<Child>, int> child = make_child(process, request.stdin_fd);
  if (!child) {
    return tl::unexpected(dispatcher_failure(process, child.error()));
  }
  os::ChildPlan plan = make_plan(process, std::move(*request.command));
  (*child)->io().fill(plan);
  if (request.stdout_fd) {
    plan.stdout_fd = *request.stdout_fd;  // our pipe then sees its end at once
  }
  const tl::expected<pid_t, os::SpawnError> pid = os::spawn(plan);
  if (!pid) {
    if (pid.error().step == os::SpawnStep::clone) {
      return tl::unexpected(clone_failure(process, pid.error().err));
    }
    // Where the reference's users look: it runs these steps after its fork and writes their
    // failure to the program's own error log.
    const std::string reason = os::describe(pid.error(), plan);
    (*child)->write_to_error_log(
        cat({"supervisor: ", reason, "\nsupervisor: child process was not spawned\n"}));
    return tl::unexpected(reason);
  }
  (*child)->started(*pid);
  return Launched{*pid, std::move(*child)};
}

tl::expected<std::unique_ptr<Child>, int> ChildLauncher::make_child(
    const core::Process& process, std::optional<int> stdin_socket) {
  Child::Logs logs;
  auto out = open_log(process, core::Channel::standard_output);
  if (!out) {
    return tl::unexpected(out.error());
  }
  logs.out = std::move(*out);
  if (!process.config->redirect_stderr) {
    auto err = open_log(process, core::Channel::standard_error);
    if (!err) {
      return tl::unexpected(err.error());
    }
    logs.err = std::move(*err);
  }
  auto child = std::make_unique<Child>(process, std::move(logs), settings_.strip_ansi,
                                       parts_.observer, parts_.log);
  auto io = ChildIo::create(
      parts_.hub, *child,
      {.redirect_stderr = process.config->redirect_stderr, .stdin_socket = stdin_socket});
  if (!io) {
    return tl::unexpected(io.error());
  }
  child->attach(std::move(*io));
  return child;
}

tl::expected<std::unique_ptr<LogSink>, int> ChildLauncher::open_log(const core::Process& process,
                                                                    core::Channel channel) {
  const bool is_out = channel == core::Channel::standard_output;
  const config::LogConfig& log = is_out ? process.config->stdout_log : process.config->stderr_log;
  SinkSpec spec{
      .path = std::nullopt,
      .max_bytes = log.max_bytes,
      .backups = log.backups,
      .mode = 0666,
      .syslog = log.syslog,
      .process = process.config->name,
      .label = cat({"'", process.config->name, "' ", core::channel_name(channel)}),
  };
  switch (log.kind) {
    case config::LogKind::none:
      break;
    case config::LogKind::file:
      spec.path = log.path;
      break;
    case config::LogKind::automatic:
      spec.path = parts_.auto_logs.path(process.id, channel);
      spec.mode = 0600;
      if (!spec.path) {
        return tl::unexpected(ENOENT);
      }
      break;
  }
  return parts_.sinks.open(spec);
}

os::ChildPlan ChildLauncher::make_plan(const core::Process& process, ChildCommand command) {
  const config::ProcessConfig& config = *process.config;
  os::ChildPlan plan;
  plan.path = std::move(command.path);
  plan.argv = std::move(command.argv);
  plan.envp = environment_.build(config, process.group->shown(), settings_.default_server_url);
  plan.directory = config.directory;
  plan.umask = config.umask;
  if (config.user) {
    plan.identity = identity(*config.user);
  }
  return plan;
}

std::optional<os::ChildIdentity> ChildLauncher::identity(const config::UserRef& user) {
  if (user.uid == ::geteuid()) {
    return std::nullopt;  // nothing to change, and an unprivileged daemon could not
  }
  os::ChildIdentity identity;
  identity.uid = user.uid;
  // Resolved anew for each start: an account may have got other groups meanwhile. One that is gone
  // keeps the uid the configuration was checked with and gets no group beyond its own number.
  if (const std::optional<os::User> found = os::find_user(user.uid)) {
    identity.gid = found->gid;
    identity.groups = os::group_list(*found);
  } else {
    identity.gid = static_cast<gid_t>(user.uid);
    identity.groups = {identity.gid};
  }
  return identity;
}

}  // namespace sv::shell
