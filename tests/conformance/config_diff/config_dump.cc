// Loads each configuration file named on standard input and prints one line of JSON for it: the
// first error, or what the reference product would have made of the file, in its own vocabulary.
// Run by config_diff.py.

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/parse.h"
#include "config/loader.h"

extern char** environ;

namespace {

using nlohmann::json;
namespace config = sv::config;

std::optional<config::UserIds> find_user(const std::string& name) {
  const auto number = sv::parse_integer(name);
  const passwd* entry = number ? ::getpwuid(static_cast<uid_t>(*number)) : ::getpwnam(name.c_str());
  if (entry == nullptr) {
    return std::nullopt;
  }
  return config::UserIds{entry->pw_uid, entry->pw_gid};
}

std::optional<gid_t> find_group(const std::string& name) {
  const auto number = sv::parse_integer(name);
  const group* entry = number ? ::getgrgid(static_cast<gid_t>(*number)) : ::getgrnam(name.c_str());
  return entry == nullptr ? std::nullopt : std::optional(entry->gr_gid);
}

std::optional<std::string> find_home(const std::string& name) {
  const auto number = sv::parse_integer(name);
  const passwd* entry = number ? ::getpwuid(static_cast<uid_t>(*number)) : ::getpwnam(name.c_str());
  return entry == nullptr ? std::nullopt : std::optional<std::string>(entry->pw_dir);
}

config::LoadContext make_context() {
  config::LoadContext context;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::size_t equals = text.find('=');
    context.environment[text.substr(0, equals)] = text.substr(equals + 1);
  }
  char host[256] = {};
  ::gethostname(host, sizeof(host) - 1);
  context.host_node_name = host;
  context.current_directory = std::filesystem::current_path().string();
  context.temp_directory = "/tmp";
  context.effective_uid = ::geteuid();
  context.find_user = find_user;
  context.find_group = find_group;
  context.find_home = find_home;
  return context;
}

template <class T>
json optional_json(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json owner_json(const std::optional<config::Ownership>& owner) {
  const config::Ownership ids = owner.value_or(config::Ownership{});
  return json::array({static_cast<int>(ids.uid), static_cast<int>(ids.gid)});
}

json environment_json(const config::Environment& environment) {
  json out = json::object();
  for (const auto& [key, value] : environment) {
    out[key] = value;
  }
  return out;
}

void add_log(json& out, const std::string& channel, const config::LogConfig& log) {
  const bool is_file = log.kind == config::LogKind::file;
  const json none = log.kind == config::LogKind::automatic ? json("AUTO") : json(nullptr);
  out[channel + "_logfile"] = is_file ? json(log.path) : none;
  out[channel + "_logfile_maxbytes"] = log.max_bytes;
  out[channel + "_logfile_backups"] = log.backups;
  out[channel + "_capture_maxbytes"] = log.capture_max_bytes;
  out[channel + "_events_enabled"] = log.events_enabled;
  out[channel + "_syslog"] = log.syslog;
}

json process_json(const config::ProcessConfig& process) {
  json out;
  out["name"] = process.name;
  out["command"] = process.command;
  out["directory"] = optional_json(process.directory);
  out["umask"] = optional_json(process.umask);
  out["uid"] = process.user ? json(process.user->uid) : json(nullptr);
  out["priority"] = process.priority;
  out["autostart"] = process.autostart;
  out["autorestart"] = static_cast<int>(process.autorestart);
  out["startsecs"] = process.start_secs.count();
  out["startretries"] = process.start_retries;
  out["exitcodes"] = process.exit_codes;
  out["stopsignal"] = process.stop_signal;
  out["stopwaitsecs"] = process.stop_wait.count();
  out["stopasgroup"] = process.stop_as_group;
  out["killasgroup"] = process.kill_as_group;
  out["redirect_stderr"] = process.redirect_stderr;
  out["environment"] = environment_json(process.environment);
  out["serverurl"] = optional_json(process.server_url);
  add_log(out, "stdout", process.stdout_log);
  add_log(out, "stderr", process.stderr_log);
  return out;
}

json group_json(const config::GroupConfig& group) {
  json out;
  out["name"] = group.name;
  out["priority"] = group.priority;
  out["processes"] = json::array();
  for (const config::ProcessConfig& process : group.processes) {
    out["processes"].push_back(process_json(process));
  }
  if (group.event_pool) {
    out["buffer_size"] = group.event_pool->buffer_size;
    out["events"] = group.event_pool->events;
  }
  if (group.fcgi_socket) {
    const config::FcgiSocketConfig& socket = *group.fcgi_socket;
    out["socket"] = socket.url;
    out["socket_backlog"] = optional_json(socket.backlog);
    if (socket.url.starts_with("unix:")) {
      out["socket_mode"] = socket.mode;
      out["socket_owner"] = owner_json(socket.owner);
    }
  }
  return out;
}

json server_json(const config::HttpServerConfig& server) {
  json out;
  out["section"] = server.section;
  out["username"] = server.username;
  out["password"] = server.password;
  if (const auto* inet = std::get_if<config::InetAddress>(&server.address)) {
    out["host"] = inet->host;
    out["port"] = inet->port;
  } else {
    const auto& address = std::get<config::UnixAddress>(server.address);
    out["file"] = address.path;
    out["chmod"] = address.mode;
    out["chown"] = owner_json(address.owner);
  }
  return out;
}

json daemon_json(const config::DaemonConfig& daemon) {
  json out;
  out["logfile"] = daemon.log.path;
  out["logfile_maxbytes"] = daemon.log.max_bytes;
  out["logfile_backups"] = daemon.log.backups;
  out["loglevel"] = static_cast<int>(daemon.log.level);
  out["pidfile"] = daemon.pidfile;
  out["umask"] = daemon.umask;
  out["nodaemon"] = daemon.nodaemon;
  out["silent"] = daemon.silent;
  out["minfds"] = daemon.min_fds;
  out["minprocs"] = daemon.min_procs;
  out["nocleanup"] = daemon.nocleanup;
  out["uid"] = daemon.user ? json(daemon.user->uid) : json(nullptr);
  out["directory"] = optional_json(daemon.directory);
  out["strip_ansi"] = daemon.strip_ansi;
  out["environment"] = environment_json(daemon.environment);
  out["identifier"] = daemon.identifier;
  return out;
}

json config_json(const config::Config& loaded) {
  json out;
  out["daemon"] = daemon_json(loaded.daemon);
  out["groups"] = json::array();
  for (const config::GroupConfig& group : loaded.groups) {
    out["groups"].push_back(group_json(group));
  }
  out["servers"] = json::array();
  for (const config::HttpServerConfig& server : loaded.servers) {
    out["servers"].push_back(server_json(server));
  }
  out["serverurl"] = optional_json(loaded.default_server_url);
  out["rpcinterfaces"] = loaded.rpc_interfaces;
  out["warnings"] = loaded.warnings;
  out["infos"] = loaded.infos;
  return out;
}

}  // namespace

int main() {
  const config::LoadContext context = make_context();
  std::string file;
  while (std::getline(std::cin, file)) {
    const auto loaded = config::load(file, context);
    json out = loaded ? config_json(*loaded) : json{{"error", loaded.error().front().message}};
    if (!loaded) {
      out["errors"] = loaded.error().size();
    }
    std::cout << out.dump(-1, ' ', false, json::error_handler_t::replace) << std::endl;
  }
}
