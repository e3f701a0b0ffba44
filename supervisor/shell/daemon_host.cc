// rpc::Host as the daemon implements it: what the remote methods may see and do.

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "config/diff.h"
#include "os/fs.h"
#include "os/process_usage.h"
#include "shell/daemon.h"

namespace sv::shell {

pid_t Daemon::pid() const {
  return ::getpid();
}

std::optional<wire::XmlRpcFault> Daemon::check_command(core::ProcessId id) {
  const core::Process* process = core_.find(id);
  if (process == nullptr) {
    return std::nullopt;
  }
  const tl::expected<ChildCommand, CommandRefusal> command = launcher_.resolve(*process);
  if (command) {
    return std::nullopt;
  }
  const bool missing = command.error().kind == CommandRefusal::Kind::no_file;
  return rpc::make_fault(missing ? rpc::FaultCode::no_file : rpc::FaultCode::not_executable,
                         command.error().message);
}

void Daemon::start(core::ProcessId id) {
  core_.feed(id, core::stimulus::Start{}, now());
  effects_.run();
}

void Daemon::stop(core::ProcessId id) {
  core_.feed(id, core::stimulus::Stop{}, now());
  effects_.run();
}

Result<void> Daemon::signal(core::ProcessId id, int number) {
  const core::Process* process = core_.find(id);
  if (process == nullptr) {
    return fail(ErrorCode::not_found, "cannot signal a process that was removed");
  }
  return effects_.signal(*process, number);
}

rpc::Host::StdinOutcome Daemon::write_stdin(core::ProcessId id, std::string_view text) {
  Child* child = effects_.child(id);
  if (child == nullptr) {
    return StdinOutcome::not_running;
  }
  switch (child->io().write_stdin(text)) {
    case StdinResult::accepted:
      return StdinOutcome::accepted;
    case StdinResult::closed:
    case StdinResult::full:
      break;
  }
  return StdinOutcome::closed;
}

std::vector<std::optional<ResourceUsage>> Daemon::usage_of(std::span<const pid_t> pids) const {
  return os::usage_of(pids);
}

void Daemon::send_remote_event(std::string_view type, std::string_view data) {
  events_.publish(core::remote_communication_event(type, data));
}

// Logs
// ---------------------------------------------------------------------------------------------

std::optional<std::string> Daemon::log_path(core::ProcessId id, core::Channel channel) const {
  const core::Process* process = core_.find(id);
  if (process == nullptr) {
    return std::nullopt;
  }
  const bool is_out = channel == core::Channel::standard_output;
  if (!is_out && process->config->redirect_stderr) {
    return std::nullopt;
  }
  const config::LogConfig& log = is_out ? process->config->stdout_log : process->config->stderr_log;
  switch (log.kind) {
    case config::LogKind::none:
      return std::nullopt;
    case config::LogKind::automatic:
      return auto_logs_.path(id, channel);
    case config::LogKind::file:
      return log.path;
  }
  return std::nullopt;
}

std::optional<std::string> Daemon::main_log_path() const {
  return env_.log.path();
}

Result<std::uint64_t> Daemon::log_size(const std::string& path) const {
  return os::file_size(path);
}

Result<std::string> Daemon::read_log(const std::string& path, std::uint64_t offset,
                                     std::uint64_t length) const {
  return os::read_file(path, offset, length);
}

std::uint64_t Daemon::log_bytes(core::ProcessId id, core::Channel channel) const {
  const Child::LogBytes bytes = effects_.log_bytes(id);
  return channel == core::Channel::standard_output ? bytes.out : bytes.err;
}

Result<void> Daemon::clear_logs(core::ProcessId id) {
  if (Child* child = effects_.child(id); child != nullptr) {
    return child->clear_logs();
  }
  effects_.forget_log_bytes(id);
  for (const core::Channel channel :
       {core::Channel::standard_output, core::Channel::standard_error}) {
    const std::optional<std::string> path = log_path(id, channel);
    if (!path) {
      continue;
    }
    if (Result<void> outcome = os::truncate_file(*path);
        !outcome && outcome.error().code != ErrorCode::not_found) {
      return outcome;
    }
  }
  return {};
}

Result<void> Daemon::clear_main_log() {
  return env_.log.clear();
}

// Configuration
// ------------------------------------------------------------------------------------

tl::expected<config::GroupChanges, std::string> Daemon::reread() {
  Result<std::shared_ptr<const config::Config>> fresh = load_valid();
  if (!fresh) {
    return tl::unexpected(std::move(fresh.error().message));
  }
  latest_ = std::move(*fresh);
  take_over(latest_->daemon);
  std::vector<const config::GroupConfig*> active;
  for (const auto& group : core_.groups()) {
    active.push_back(&group->config());
  }
  return config::diff_groups(active, latest_->groups);
}

/// What the reference looks up in the configuration it has read last (supervisor-config, 15). All
/// other settings of the daemon hold until a reload.
void Daemon::take_over(const config::DaemonConfig& config) {
  events_.set_identifier(config.identifier);
  auto_logs_.rename(config.child_log_dir, config.identifier);
  launcher_.strip_ansi_from_now(config.strip_ansi);
}

Result<std::shared_ptr<const config::Config>> Daemon::load_valid() {
  ConfigResult loaded = env_.load();
  if (!loaded) {
    const config::ConfigErrors& errors = loaded.error();
    std::string text = errors.empty() ? "unknown error" : errors.front().message;
    for (std::size_t i = 1; i < errors.size(); ++i) {
      text += '\n';
      text += config::format(errors[i]);
    }
    return fail(ErrorCode::invalid_argument, std::move(text));
  }
  return std::make_shared<const config::Config>(std::move(*loaded));
}

Result<void> Daemon::add_group(std::string_view name) {
  const auto same = [name](const config::GroupConfig& group) { return group.name == name; };
  const auto it = std::ranges::find_if(latest_->groups, same);
  if (it == latest_->groups.end()) {
    return fail(ErrorCode::not_found, cat({"no group '", name, "' in the configuration"}));
  }
  Result<void> outcome =
      core_.add_group(std::shared_ptr<const config::GroupConfig>(latest_, &*it), now());
  effects_.run();
  return outcome;
}

Result<void> Daemon::remove_group(std::string_view name) {
  effects_.run();  // nothing of the group's may be queued when it goes
  const core::Group* group = core_.find_group(name);
  if (group != nullptr && group->is_stopped()) {
    auto_logs_.forget(*group);
    for (const auto& process : group->processes()) {
      effects_.forget_log_bytes(process->id);
      if (notifier_) {
        notifier_->process_gone(process->id);
      }
    }
  }
  Result<void> outcome = core_.remove_group(name, now());
  effects_.run();
  return outcome;
}

void Daemon::shut_down() {
  const auto decided = end_reason_ ? std::optional(end_reason_->status) : std::nullopt;
  if (env_.companion == nullptr || !env_.companion->holds_shutdown(decided)) {
    begin_shutdown(shutdown_time());
  }
}

void Daemon::begin_shutdown(std::optional<Duration> within) {
  core_.begin_stop(core::Mood::shutdown, now(), within);
  settle_soon();
}

Result<void> Daemon::restart() {
  // Found out now, while everything still runs, and not when it is all stopped.
  Result<std::shared_ptr<const config::Config>> fresh = load_valid();
  if (!fresh) {
    return tl::unexpected(std::move(fresh.error()));
  }
  next_config_ = std::move(*fresh);
  core_.begin_stop(core::Mood::restarting, now());
  return {};
}

}  // namespace sv::shell
