#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config_error.h"
#include "config/ini_source.h"
#include "config/model.h"

/// Files to model. Reads, expands, validates and defaults everything, and reports all errors at
/// once. Touches the file system (reading, directory checks) and nothing else.
namespace sv::config {

/// Looking a user up is the caller's business (os/user_db in the programs, a table in tests):
/// name or decimal id in, ids out. nullopt: no such user.
struct UserIds {
  uid_t uid = 0;
  gid_t gid = 0;
};
using UserLookup = std::function<std::optional<UserIds>(const std::string& name_or_id)>;
/// Group name or decimal id in, gid out.
using GroupLookup = std::function<std::optional<gid_t>(const std::string& name_or_id)>;
/// User name or decimal id in, home directory out; for `~user`, and `~` without $HOME.
using HomeLookup = std::function<std::optional<std::string>(const std::string& name_or_id)>;

/// Values given on the daemon's command line; they win over the file, which is still validated.
struct DaemonOverrides {
  std::optional<std::string> user;
  std::optional<mode_t> umask;
  std::optional<std::string> directory;
  std::optional<std::string> logfile;
  std::optional<std::int64_t> logfile_maxbytes;
  std::optional<int> logfile_backups;
  std::optional<Level> loglevel;
  std::optional<std::string> pidfile;
  std::optional<std::string> identifier;
  std::optional<std::string> childlogdir;
  std::optional<std::int64_t> minfds;
  std::optional<std::int64_t> minprocs;
  bool nodaemon = false;
  bool silent = false;
  bool nocleanup = false;
  bool strip_ansi = false;
};

/// The world the loader reads from, so that tests own all of it.
struct LoadContext {
  std::map<std::string, std::string> environment;  ///< for %(ENV_X)s
  std::string current_directory;                   ///< absolute
  std::string host_node_name;
  std::string temp_directory;  ///< default of childlogdir
  uid_t effective_uid = 0;
  UserLookup find_user;
  GroupLookup find_group;
  HomeLookup find_home;  ///< may be empty: `~user` stays as it is
  IniLimits limits;
  DaemonOverrides overrides;
};

/// Loads the daemon's configuration from `file`.
[[nodiscard]] tl::expected<Config, ConfigErrors> load(const std::string& file,
                                                      const LoadContext& context);

/// Loads [supervisorctl] from `file` (no includes, as the reference client has it).
[[nodiscard]] tl::expected<CtlConfig, ConfigErrors> load_ctl(const std::string& file,
                                                             const LoadContext& context);

/// The first existing file of the reference's search path for a program called as `argv0`;
/// `searched` receives the whole path for the message when there is none.
[[nodiscard]] std::optional<std::string> find_config_file(const std::string& argv0,
                                                          std::vector<std::string>* searched);

}  // namespace sv::config
