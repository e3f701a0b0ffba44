#include "rpc/config_info.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/model.h"

namespace sv::rpc {
namespace {

using config::AutoRestart;
using config::LogKind;
using core::Channel;

constexpr const char* kNone = "none";

wire::XmlRpcValue autorestart(AutoRestart policy) {
  switch (policy) {
    case AutoRestart::never:
      return false;
    case AutoRestart::always:
      return true;
    case AutoRestart::unexpected:
      return "unexpected";
  }
  return false;
}

wire::XmlRpcValue text_or_none(const std::optional<std::string>& text) {
  return text ? wire::XmlRpcValue(*text) : kNone;
}

wire::XmlRpcArray numbers(const std::vector<int>& values) {
  return wire::XmlRpcArray(values.begin(), values.end());
}

/// What is active, by name: thousands of processes are looked up in one call.
class ActiveProcesses {
 public:
  explicit ActiveProcesses(const core::Supervisor& supervisor) {
    for (const auto& group : supervisor.groups()) {
      auto& members = groups_[group->name()];
      for (const auto& process : group->processes()) {
        members[process->config->name] = process.get();
      }
    }
  }

  [[nodiscard]] bool contains(std::string_view group) const { return groups_.contains(group); }

  /// nullptr when there is none.
  [[nodiscard]] const core::Process* find(std::string_view group, std::string_view process) const {
    const auto members = groups_.find(group);
    if (members == groups_.end()) {
      return nullptr;
    }
    const auto found = members->second.find(process);
    return found != members->second.end() ? found->second : nullptr;
  }

 private:
  std::map<std::string_view, std::map<std::string_view, const core::Process*>> groups_;
};

std::string log_file(const Host& host, const core::Process* active, Channel channel,
                     const config::LogConfig& log) {
  switch (log.kind) {
    case LogKind::none:
      return kNone;
    case LogKind::file:
      return log.path;
    case LogKind::automatic:
      break;
  }
  if (active == nullptr) {
    return "auto";
  }
  const config::LogConfig& current =
      channel == Channel::standard_output ? active->config->stdout_log : active->config->stderr_log;
  if (current.kind != LogKind::automatic) {
    return "auto";  // it will be, when the change is applied
  }
  return host.log_path(active->id, channel).value_or("auto");
}

void add_log(wire::XmlRpcStruct& info, std::string_view channel, const config::LogConfig& log,
             std::string file) {
  const auto key = [channel](std::string_view rest) { return std::string(channel).append(rest); };
  info.emplace_back(key("_capture_maxbytes"), static_cast<std::int64_t>(log.capture_max_bytes));
  info.emplace_back(key("_events_enabled"), log.events_enabled);
  info.emplace_back(key("_logfile"), std::move(file));
  info.emplace_back(key("_logfile_backups"), log.backups);
  info.emplace_back(key("_logfile_maxbytes"), static_cast<std::int64_t>(log.max_bytes));
  info.emplace_back(key("_syslog"), log.syslog);
}

wire::XmlRpcStruct config_info(const Host& host, const ActiveProcesses& all_active,
                               const config::GroupConfig& group,
                               const config::ProcessConfig& process) {
  const core::Process* active = all_active.find(group.name, process.name);
  wire::XmlRpcStruct info;
  info.reserve(32);
  info.emplace_back("autostart", process.autostart);
  info.emplace_back("autorestart", autorestart(process.autorestart));
  info.emplace_back("directory", text_or_none(process.directory));
  info.emplace_back("uid", process.user ? wire::XmlRpcValue(std::int64_t{process.user->uid})
                                        : wire::XmlRpcValue(kNone));
  info.emplace_back("command", process.command);
  info.emplace_back("exitcodes", numbers(process.exit_codes));
  info.emplace_back("group", group.shown());
  info.emplace_back("group_prio", group.priority);
  info.emplace_back("inuse", all_active.contains(group.name));
  info.emplace_back("killasgroup", process.kill_as_group);
  info.emplace_back("name", process.name);
  info.emplace_back("process_prio", process.priority);
  info.emplace_back("redirect_stderr", process.redirect_stderr);
  info.emplace_back("startretries", process.start_retries);
  info.emplace_back("startsecs", std::int64_t{process.start_secs.count()});
  add_log(info, "stdout", process.stdout_log,
          log_file(host, active, Channel::standard_output, process.stdout_log));
  info.emplace_back("stopsignal", process.stop_signal);
  info.emplace_back("stopwaitsecs", std::int64_t{process.stop_wait.count()});
  add_log(info, "stderr", process.stderr_log,
          log_file(host, active, Channel::standard_error, process.stderr_log));
  info.emplace_back("serverurl", text_or_none(process.server_url));
  return info;
}

}  // namespace

wire::XmlRpcReply get_all_config_info(Services& services) {
  using Entry = std::pair<const config::GroupConfig*, const config::ProcessConfig*>;
  std::vector<Entry> entries;
  for (const config::GroupConfig& group : services.host.latest_config().groups) {
    for (const config::ProcessConfig& process : group.processes) {
      entries.emplace_back(&group, &process);
    }
  }
  std::ranges::stable_sort(
      entries, [](const Entry& a, const Entry& b) { return a.second->name < b.second->name; });
  const ActiveProcesses active(services.host.supervisor());
  wire::XmlRpcArray all;
  all.reserve(entries.size());
  for (const auto& [group, process] : entries) {
    all.emplace_back(config_info(services.host, active, *group, *process));
  }
  return all;
}

}  // namespace sv::rpc
