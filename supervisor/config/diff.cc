#include "config/diff.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace sv::config {
namespace {

bool log_target_changed(const LogConfig& active, const LogConfig& fresh) {
  if (active.kind == LogKind::automatic || fresh.kind == LogKind::automatic) {
    // The reference compares AUTO equal to everything on either side, but replaces the AUTO of a
    // running process by the name of its file; so only a change *towards* AUTO goes unnoticed.
    return active.kind == LogKind::automatic && fresh.kind != LogKind::automatic;
  }
  return active.kind != fresh.kind || active.path != fresh.path;
}

bool log_changed(const LogConfig& active, const LogConfig& fresh) {
  const auto rest = [](const LogConfig& log) {
    return std::tie(log.max_bytes, log.backups, log.capture_max_bytes, log.events_enabled,
                    log.syslog);
  };
  return log_target_changed(active, fresh) || rest(active) != rest(fresh);
}

bool environment_changed(const Environment& active, const Environment& fresh) {
  return active.size() != fresh.size() ||
         !std::is_permutation(active.begin(), active.end(), fresh.begin());
}

bool user_changed(const ProcessConfig& active, const ProcessConfig& fresh) {
  if (active.user.has_value() != fresh.user.has_value()) {
    return true;
  }
  return active.user && active.user->uid != fresh.user->uid;
}

bool process_changed(const ProcessConfig& active, const ProcessConfig& fresh) {
  const auto plain = [](const ProcessConfig& p) {
    return std::tie(p.name, p.command, p.directory, p.umask, p.priority, p.autostart, p.autorestart,
                    p.start_secs, p.start_retries, p.exit_codes, p.stop_signal, p.stop_wait,
                    p.stop_as_group, p.kill_as_group, p.redirect_stderr, p.server_url, p.service);
  };
  // Keys the reference does not have.
  const auto own = [](const ProcessConfig& p) {
    return std::tie(p.on_exit, p.on_fatal, p.stop_tree, p.forward_signals);
  };
  return plain(active) != plain(fresh) || own(active) != own(fresh) ||
         user_changed(active, fresh) || log_changed(active.stdout_log, fresh.stdout_log) ||
         log_changed(active.stderr_log, fresh.stderr_log) ||
         environment_changed(active.environment, fresh.environment);
}

bool socket_changed(const GroupConfig& active, const GroupConfig& fresh) {
  if (active.fcgi_socket.has_value() != fresh.fcgi_socket.has_value()) {
    return true;
  }
  return active.fcgi_socket && active.fcgi_socket->url != fresh.fcgi_socket->url;
}

}  // namespace

bool group_changed(const GroupConfig& active, const GroupConfig& fresh) {
  if (active.priority != fresh.priority || active.event_pool != fresh.event_pool ||
      socket_changed(active, fresh)) {
    return true;
  }
  return !std::ranges::equal(
      active.processes, fresh.processes,
      [](const ProcessConfig& a, const ProcessConfig& b) { return !process_changed(a, b); });
}

GroupChanges diff_groups(const std::vector<const GroupConfig*>& active,
                         const std::vector<GroupConfig>& fresh) {
  std::map<std::string_view, const GroupConfig*> running;
  for (const GroupConfig* group : active) {
    running.emplace(group->name, group);
  }
  GroupChanges changes;
  for (const GroupConfig& group : fresh) {
    const auto found = running.find(group.name);
    if (found == running.end()) {
      changes.added.push_back(group.name);
      continue;
    }
    if (group_changed(*found->second, group)) {
      changes.changed.push_back(group.name);
    }
    running.erase(found);
  }
  for (const GroupConfig* group : active) {
    if (running.contains(group->name)) {
      changes.removed.push_back(group->name);
    }
  }
  return changes;
}

}  // namespace sv::config
