#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/boxed.h"
#include "base/log.h"
#include "base/signals.h"
#include "config/navi_config.h"

/// The configuration as plain values: what the loader produces and everybody else reads.
/// No behaviour, no resources. Every type is comparable, which is what "changed" is built on.
/// Optional means "not set"; a set but empty value is a value.
namespace sv::config {

/// Ordered key/value pairs; a later key has already replaced an earlier equal one.
using Environment = std::vector<std::pair<std::string, std::string>>;

/// A user (and group) as configured and as resolved when the configuration was read.
struct UserRef {
  std::string name;  ///< as written, for messages
  uid_t uid = 0;

  friend bool operator==(const UserRef&, const UserRef&) = default;
};

/// Owner for a socket file. -1 (as unsigned) leaves that id unchanged, as chown(2) has it.
struct Ownership {
  uid_t uid = static_cast<uid_t>(-1);
  gid_t gid = static_cast<gid_t>(-1);

  friend bool operator==(const Ownership&, const Ownership&) = default;
};

enum class AutoRestart : std::uint8_t { never, unexpected, always };

/// What follows when a program ends by itself: its autorestart, nothing, or the end of the daemon.
enum class OnExit : std::uint8_t { restart, ignore, shutdown };

/// What follows when a program could not be started.
enum class OnFatal : std::uint8_t { ignore, shutdown };

/// When the daemon ends because of its programs.
enum class ExitOn { none, any_fatal, all_exited };

enum class LogKind : std::uint8_t {
  none,       ///< read and dropped
  automatic,  ///< a file named by the daemon in childlogdir, removed at the next start
  file,       ///< LogConfig::path
};

/// One output channel of a program.
struct LogConfig {
  std::string path;  ///< only for LogKind::file; may be relative to the daemon's directory
  std::uint64_t max_bytes = 50ULL * 1024 * 1024;  ///< 0: never rotate
  std::uint64_t capture_max_bytes = 0;            ///< 0: capture mode off
  int backups = 10;                               ///< <= 0: truncate instead of keeping old files
  LogKind kind = LogKind::automatic;
  bool events_enabled = false;
  bool syslog = false;  ///< also to syslog, independent of `kind`

  friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// What makes a process a runit service: its folder, with run, finish and supervise in it.
struct ServiceConfig {
  std::string directory;    ///< absolute; run is executed in it
  bool has_logger = false;  ///< its output goes to the logger of the same name
  bool is_logger = false;   ///< reads what another service writes

  friend bool operator==(const ServiceConfig&, const ServiceConfig&) = default;
};

/// One process: a program section expanded for one value of process_num.
struct ProcessConfig {
  std::string name;     ///< unique within its group
  std::string program;  ///< x of [program:x]
  std::string command;  ///< expanded, not yet split into words
  std::optional<std::string> directory;
  std::optional<mode_t> umask;
  Boxed<UserRef> user;
  std::chrono::seconds start_secs{1};
  std::chrono::seconds stop_wait{10};
  /// Set: failed starts are retried for ever, this long apart, instead of start_retries times with
  /// growing distance.
  std::optional<std::chrono::seconds> retry_pause;
  std::vector<int> exit_codes{0};
  int priority = 999;
  int start_retries = 3;
  int stop_signal = 15;
  AutoRestart autorestart = AutoRestart::unexpected;
  OnExit on_exit = OnExit::restart;
  OnFatal on_fatal = OnFatal::ignore;
  bool autostart = true;
  bool stop_as_group = false;
  bool kill_as_group = false;
  bool redirect_stderr = false;
  /// Stopping it ends all its descendants, also those that left its process group.
  bool stop_tree = false;
  /// Signals the daemon passes on to it instead of acting on them itself.
  SignalSet forward_signals;
  LogConfig stdout_log;
  LogConfig stderr_log;
  /// [supervisord] environment overlaid with the program's own; not the daemon's environment.
  Environment environment;
  /// Unset: the daemon's default URL. Empty: SUPERVISOR_SERVER_URL is not given to the child.
  std::optional<std::string> server_url;
  Boxed<ServiceConfig> service;  ///< only of processes made from service folders

  friend bool operator==(const ProcessConfig&, const ProcessConfig&) = default;
};

/// What makes a group an event listener pool.
struct EventPoolConfig {
  int buffer_size = 10;
  std::vector<std::string> events;  ///< upper case, sorted, without duplicates
  std::string result_handler = "supervisor.dispatchers:default_handler";

  friend bool operator==(const EventPoolConfig&, const EventPoolConfig&) = default;
};

/// What makes a group a FastCGI group: one listening socket shared by its processes.
struct FcgiSocketConfig {
  std::string url;  ///< "unix:///abs/path" or "tcp://host:port", for messages and comparison
  /// Path, or host and port; a host as in InetAddress.
  std::variant<std::string, std::pair<std::string, std::uint16_t>> address;
  std::optional<int> backlog;
  std::optional<Ownership> owner;
  mode_t mode = 0700;

  friend bool operator==(const FcgiSocketConfig&, const FcgiSocketConfig&) = default;
};

/// "service" of "service:web"; every other name is itself.
[[nodiscard]] constexpr std::string_view shown_group(std::string_view name) {
  return name.substr(0, name.find(':'));
}

/// A group of processes, explicit ([group:x]) or implied by a single program section.
///
/// Groups that are added, changed and removed one by one, yet belong together, are called
/// "family:name"; clients see and address their processes as members of one group, the family. No
/// name in a configuration file has a colon.
struct GroupConfig {
  std::string name;
  int priority = 999;
  /// Start order. Homogeneous: by (priority, name). [group:x]: the order of programs=.
  std::vector<ProcessConfig> processes;
  Boxed<EventPoolConfig> event_pool;
  Boxed<FcgiSocketConfig> fcgi_socket;

  /// The group its processes are shown in: the family, or the group itself.
  [[nodiscard]] std::string_view shown() const { return shown_group(name); }

  friend bool operator==(const GroupConfig&, const GroupConfig&) = default;
};

struct UnixAddress {
  std::string path;  ///< absolute, normalised
  mode_t mode = 0700;
  std::optional<Ownership> owner;

  friend bool operator==(const UnixAddress&, const UnixAddress&) = default;
};

struct InetAddress {
  std::string host;  ///< empty: all interfaces; otherwise numeric or a name, in lower case
  std::uint16_t port = 0;

  /// Only this host can connect.
  [[nodiscard]] bool is_loopback() const {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
  }

  friend bool operator==(const InetAddress&, const InetAddress&) = default;
};

/// One HTTP server. Passwords may be "{SHA}<hex>". No user name means no authentication.
struct HttpServerConfig {
  std::string section;  ///< empty: not configured, the daemon's own choice
  std::variant<UnixAddress, InetAddress> address;
  std::string username;
  std::string password;
  /// Who gives these may look, but not change anything. No name: there is no such role.
  std::string readonly_username;
  std::string readonly_password;
  /// Whoever can connect may do everything, under whatever name he knows this host.
  bool allow_unauthenticated = false;

  friend bool operator==(const HttpServerConfig&, const HttpServerConfig&) = default;
};

/// Where the daemon's own log goes, and how it rotates.
struct ActivityLogConfig {
  std::string path = "supervisord.log";  ///< absolute after loading; "syslog" means syslog
  bool syslog = false;
  std::uint64_t max_bytes = 50ULL * 1024 * 1024;
  int backups = 10;
  Level level = Level::info;

  friend bool operator==(const ActivityLogConfig&, const ActivityLogConfig&) = default;
};

/// [supervisord].
struct DaemonConfig {
  ActivityLogConfig log;
  std::string pidfile = "supervisord.pid";  ///< absolute after loading
  mode_t umask = 022;                       ///< applied only when daemonising
  bool nodaemon = false;
  bool silent = false;
  std::uint64_t min_fds = 1024;
  std::uint64_t min_procs = 200;
  bool nocleanup = false;
  std::string child_log_dir;  ///< absolute
  std::optional<UserRef> user;
  std::optional<std::string> directory;  ///< applied only when daemonising
  bool strip_ansi = false;
  Environment environment;
  std::string identifier = "supervisor";
  ExitOn exit_on = ExitOn::none;
  /// Everything must be down this long after a request to end; 0: as long as it takes. Unset: the
  /// daemon decides (docs/exit-status.md).
  std::optional<std::chrono::seconds> shutdown_deadline;

  friend bool operator==(const DaemonConfig&, const DaemonConfig&) = default;
};

/// A whole, valid configuration.
struct Config {
  std::string file;  ///< the main file as found or given
  std::string here;  ///< its absolute directory
  DaemonConfig daemon;
  NaviConfig navi;
  /// Sorted by (priority, name): start order. Names are unique.
  std::vector<GroupConfig> groups;
  /// inet servers in file order, then unix servers in file order: the order they are opened in.
  std::vector<HttpServerConfig> servers;
  /// x of each [rpcinterface:x]; without "supervisor" the supervisor.* methods do not exist.
  std::vector<std::string> rpc_interfaces;
  /// Handed to children as SUPERVISOR_SERVER_URL; unset without servers.
  std::optional<std::string> default_server_url;
  /// To be logged at start and after a reload, warnings first. Not errors.
  std::vector<std::string> warnings;
  std::vector<std::string> infos;

  friend bool operator==(const Config&, const Config&) = default;
};

/// Names of groups, as reread reports them.
struct GroupChanges {
  std::vector<std::string> added;    ///< order of the new configuration
  std::vector<std::string> changed;  ///< order of the new configuration
  std::vector<std::string> removed;  ///< order of `active`

  friend bool operator==(const GroupChanges&, const GroupChanges&) = default;
};

/// [supervisorctl].
struct CtlConfig {
  std::string server_url = "http://localhost:9001";
  std::string username;
  std::string password;
  std::string prompt = "supervisor";
  std::optional<std::string> history_file;

  friend bool operator==(const CtlConfig&, const CtlConfig&) = default;
};

}  // namespace sv::config
