#include "web/program_json.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "base/signals.h"
#include "base/version.h"
#include "rpc/names.h"
#include "rpc/process_info.h"

namespace sv::web {
namespace {

using core::Channel;
using core::ProcessState;

Json exit_json(const core::ProcessRecord& record) {
  if (!record.last_exit) {
    return {};
  }
  const WaitStatus& status = *record.last_exit;
  Json exit;
  exit["code"] = status.exited() ? Json(status.exit_code()) : Json();
  exit["signal"] = status.signaled() ? Json(signal_name(status.signal())) : Json();
  exit["core_dumped"] = status.core_dumped();
  exit["text"] = status.describe();
  exit["at"] = json_time(record.stopped);
  return exit;
}

/// When it will be started again by itself. The core waits on the monotonic clock.
std::optional<WallTime> next_start(const core::Process& process, Now now) {
  const bool waits_to_start =
      process.state() == ProcessState::backoff || process.state() == ProcessState::exited;
  const auto deadline = process.machine.deadline();
  if (!waits_to_start || !deadline) {
    return std::nullopt;
  }
  return now.wall + std::chrono::duration_cast<WallTime::duration>(
                        std::max(*deadline - now.mono, Duration::zero()));
}

std::optional<double> uptime(const core::Process& process, Now now) {
  const core::ProcessRecord& record = process.record();
  if (record.pid == 0 || !record.started_mono) {
    return std::nullopt;
  }
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(now.mono - *record.started_mono).count();
  return static_cast<double>(std::max<std::int64_t>(milliseconds, 0)) / 1000.0;
}

std::string_view autorestart_name(config::AutoRestart value) {
  switch (value) {
    case config::AutoRestart::never:
      return "never";
    case config::AutoRestart::unexpected:
      return "unexpected";
    case config::AutoRestart::always:
      return "always";
  }
  return "never";
}

}  // namespace

Json program_json(const rpc::Host& host, const core::Process& process, Now now) {
  const core::ProcessRecord& record = process.record();
  Json program;
  program["name"] = rpc::namespec_of(process);
  program["group"] = process.group->shown();
  program["process"] = process.config->name;
  program["state"] = core::state_name(process.state());
  program["since"] = json_time(record.since);
  program["description"] = rpc::describe(process, now.wall);
  program["pid"] = record.pid != 0 ? Json(record.pid) : Json();
  program["uptime"] = json_optional(uptime(process, now));
  program["started"] = json_time(record.started);
  program["stopped"] = json_time(record.stopped);
  // The first start is none.
  program["restarts"] = record.spawns - std::min<std::uint64_t>(record.spawns, 1);
  program["failed_starts"] = record.backoff;
  program["next_start"] = json_time(next_start(process, now));
  program["error"] = record.spawn_error.empty() ? Json() : Json(record.spawn_error);
  program["last_exit"] = exit_json(record);
  Json logs;
  Json bytes;
  for (const Channel channel : {Channel::standard_output, Channel::standard_error}) {
    const std::string name(core::channel_name(channel));
    const std::optional<std::string> path = host.log_path(process.id, channel);
    logs[name] = json_optional(path);
    bytes[name] = path ? Json(host.log_bytes(process.id, channel)) : Json();
  }
  program["logs"] = std::move(logs);
  program["log_bytes"] = std::move(bytes);
  return program;
}

Json program_details(const rpc::Host& host, const core::Process& process, Now now) {
  const config::ProcessConfig& config = *process.config;
  Json settings;
  settings["command"] = config.command;
  settings["directory"] = json_optional(config.directory);
  settings["user"] = config.user ? Json(config.user->name) : Json();
  settings["priority"] = config.priority;
  settings["autostart"] = config.autostart;
  settings["autorestart"] = autorestart_name(config.autorestart);
  settings["exit_codes"] = config.exit_codes;
  settings["start_seconds"] = config.start_secs.count();
  settings["start_retries"] = config.start_retries;
  settings["stop_signal"] = signal_name(config.stop_signal);
  settings["stop_seconds"] = config.stop_wait.count();
  Json program = program_json(host, process, now);
  program["settings"] = std::move(settings);
  return program;
}

Json all_programs(const rpc::Host& host, Now now) {
  Json programs = Json::array();
  for (const core::Process* process : rpc::sorted_by_name(host.supervisor())) {
    programs.push_back(program_json(host, *process, now));
  }
  return programs;
}

Json daemon_json(const rpc::Host& host, WallTime started, Permission permission) {
  const core::Supervisor& supervisor = host.supervisor();
  Json daemon;
  daemon["identifier"] = host.latest_config().daemon.identifier;
  daemon["state"] = core::mood_name(supervisor.mood());
  daemon["pid"] = host.pid();
  daemon["started"] = json_time(started);
  daemon["version"] = kVersion;
  daemon["supervisor_version"] = kCompatibleVersion;
  daemon["log"] = json_optional(host.main_log_path());
  daemon["orphans"]["reaped"] = host.orphans().reaped;
  daemon["orphans"]["of_programs"] = host.orphans().of_programs;
  daemon["permission"] = permission == Permission::read_only ? "read_only" : "full";
  return daemon;
}

Json usage_json(const std::optional<ResourceUsage>& usage) {
  if (!usage) {
    return {};
  }
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(usage->cpu).count();
  Json json;
  json["cpu_seconds"] = static_cast<double>(milliseconds) / 1000.0;
  json["memory_bytes"] = usage->memory_bytes;
  json["processes"] = usage->processes;
  return json;
}

std::vector<std::optional<ResourceUsage>> usage_of(
    const rpc::Host& host, const std::vector<const core::Process*>& processes) {
  // A pid of 0 is nobody's, so programs that do not run find nothing.
  std::vector<pid_t> pids(processes.size());
  std::ranges::transform(processes, pids.begin(),
                         [](const core::Process* process) { return process->record().pid; });
  return host.usage_of(pids);
}

}  // namespace sv::web
