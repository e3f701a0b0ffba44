#include "shell/startup.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "config/default_socket.h"
#include "config/early.h"
#include "init/service.h"
#include "os/process_env.h"
#include "os/user_db.h"
#include "shell/service_folders.h"

namespace sv::shell {
namespace {

std::string current_directory() {
  std::array<char, PATH_MAX> buffer{};
  return ::getcwd(buffer.data(), buffer.size()) != nullptr ? buffer.data() : "/";
}

/// The reference's choice for automatic logs: the first of these that can be written to.
std::string temp_directory(const std::string& fallback) {
  std::vector<std::string> candidates;
  for (const char* name : {"TMPDIR", "TEMP", "TMP"}) {
    if (const char* value = ::getenv(name); value != nullptr && *value != '\0') {
      candidates.emplace_back(value);
    }
  }
  candidates.insert(candidates.end(), {"/tmp", "/var/tmp", "/usr/tmp"});
  for (const std::string& candidate : candidates) {
    if (::access(candidate.c_str(), W_OK | X_OK) == 0) {
      return candidate;
    }
  }
  return fallback;
}

Result<void> raise(int which, std::string_view name, std::uint64_t minimum,
                   std::string_view refusal, std::vector<StartupNote>& notes) {
  const Result<bool> raised = os::raise_limit(which, minimum);
  if (!raised) {
    return fail(raised.error().code, std::string(refusal));
  }
  if (*raised) {
    notes.push_back(
        {Level::info, cat({"Increased ", name, " limit to ", std::to_string(minimum)})});
  }
  return {};
}

/// The reference's texts, word for word (supervisor-config, 9.2).
Result<void> raise_limits(std::uint64_t min_fds, std::uint64_t min_procs,
                          std::vector<StartupNote>& notes) {
  const std::string fds = std::to_string(min_fds);
  const std::string procs = std::to_string(min_procs);
  const std::string too_few_fds =
      cat({"The minimum number of file descriptors required to run this process is ", fds,
           " as per the \"minfds\" command-line argument or config file setting. The current "
           "environment will only allow you to open ",
           fds,
           " file descriptors.  Either raise the number of usable file descriptors in your "
           "environment (see README.rst) or lower the minfds setting in the config file to allow "
           "the process to start."});
  const std::string too_few_procs =
      cat({"The minimum number of available processes required to run this program is ", procs,
           " as per the \"minprocs\" command-line argument or config file setting. The current "
           "environment will only allow you to open ",
           procs,
           " processes.  Either raise the number of usable processes in your environment (see "
           "README.rst) or lower the minprocs setting in the config file to allow the program to "
           "start."});
  if (auto outcome = raise(RLIMIT_NOFILE, "RLIMIT_NOFILE", min_fds, too_few_fds, notes); !outcome) {
    return outcome;
  }
  return raise(RLIMIT_NPROC, "RLIMIT_NPROC", min_procs, too_few_procs, notes);
}

/// Root is what `user=` is there to leave. Who starts a container as somebody else (`docker run
/// --user`) has done that, and meant it: an image's `user=` must not keep it from running.
Result<void> become(const config::UserRef& user, std::vector<StartupNote>& notes) {
  if (user.uid != ::geteuid()) {
    if (::geteuid() != 0 && ::getpid() == 1) {
      notes.push_back(
          {Level::warn,
           cat({"user=", std::to_string(user.uid), " has no effect: process 1 was started as user ",
                std::to_string(::geteuid()), ", and everything runs as that"})});
      return {};
    }
    if (::geteuid() != 0) {
      return fail(ErrorCode::permission_denied, "Can't drop privilege as nonroot user");
    }
    const std::optional<os::User> account = os::find_user(user.uid);
    if (!account) {
      return fail(ErrorCode::not_found, cat({"Can't find uid ", std::to_string(user.uid)}));
    }
    if (auto outcome = os::drop_privileges(*account); !outcome) {
      return outcome;
    }
  }
  notes.push_back({Level::info, cat({"Set uid to user ", std::to_string(user.uid), " succeeded"})});
  return {};
}

bool tells_identity(const StartupNote& note) {
  return note.text.starts_with("Set uid");
}

/// The reference switches first and reports in that order.
void identity_first(std::vector<StartupNote>& notes) {
  std::stable_partition(notes.begin(), notes.end(), tells_identity);
}

bool is_regular(const std::string& file) {
  struct stat info {};
  return ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

config::LoadContext make_load_context(const config::DaemonOverrides& overrides) {
  config::LoadContext context;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (const std::size_t equals = text.find('='); equals != std::string_view::npos) {
      context.environment.insert_or_assign(std::string(text.substr(0, equals)),
                                           std::string(text.substr(equals + 1)));
    }
  }
  context.current_directory = current_directory();
  context.temp_directory = temp_directory(context.current_directory);
  utsname name{};
  context.host_node_name = ::uname(&name) == 0 ? name.nodename : "localhost";
  context.effective_uid = ::geteuid();
  context.find_user = [](const std::string& name_or_id) -> std::optional<config::UserIds> {
    const std::optional<os::User> user = os::find_user(name_or_id);
    return user ? std::optional(config::UserIds{user->uid, user->gid}) : std::nullopt;
  };
  context.find_group = [](const std::string& name_or_id) { return os::find_group(name_or_id); };
  context.find_home = [](const std::string& name_or_id) -> std::optional<std::string> {
    const std::optional<os::User> user = os::find_user(name_or_id);
    return user ? std::optional(user->home) : std::nullopt;
  };
  context.overrides = overrides;
  return context;
}

Result<std::vector<StartupNote>> settle_identity(const std::string& file,
                                                 const config::LoadContext& context) {
  std::vector<StartupNote> notes;
  if (!is_regular(file)) {
    return notes;  // a pipe can be read only once
  }
  const std::optional<config::EarlySettings> early = config::peek(file, context);
  if (!early) {
    return notes;  // load() says what is wrong
  }
  if (auto outcome = raise_limits(early->min_fds, early->min_procs, notes); !outcome) {
    return tl::unexpected(std::move(outcome.error()));
  }
  if (early->user) {
    if (auto outcome = become(*early->user, notes); !outcome) {
      return tl::unexpected(std::move(outcome.error()));
    }
  }
  identity_first(notes);
  return notes;
}

Result<void> settle_the_rest(const config::DaemonConfig& config, std::vector<StartupNote>& notes) {
  if (auto outcome = raise_limits(config.min_fds, config.min_procs, notes); !outcome) {
    return outcome;
  }
  const bool settled = std::ranges::any_of(notes, tells_identity);
  if (config.user && (!settled || config.user->uid != ::geteuid())) {
    if (auto outcome = become(*config.user, notes); !outcome) {
      return outcome;
    }
  }
  identity_first(notes);
  return {};
}

Result<bool> adopt_orphans(bool insist) {
  const Result<void> outcome = os::become_subreaper();
  if (!outcome && insist) {
    return fail(outcome.error().code, cat({"--subreaper: ", outcome.error().message}));
  }
  return outcome.has_value() || ::getpid() == 1;
}

config::Config config_without_file() {
  config::Config config;
  config.here = current_directory();
  config.daemon.log.path = "/dev/stderr";
  config.daemon.log.max_bytes = 0;
  config.daemon.pidfile = "/dev/null";
  config.daemon.nodaemon = true;
  config.daemon.silent = true;
  config.daemon.child_log_dir = temp_directory(config.here);
  config.daemon.user = config::UserRef{"", ::geteuid()};
  config.rpc_interfaces = {"supervisor"};
  if (::access("/run", W_OK | X_OK) == 0) {
    const std::string socket(config::kDefaultSocket);
    config.default_server_url = cat({"unix://", socket});
    config::HttpServerConfig server;
    server.address = config::UnixAddress{socket, 0700, {}};
    config.servers.push_back(std::move(server));
  }
  return config;
}

void add_services(config::Config& config, std::chrono::seconds stop_wait) {
  for (config::GroupConfig& group :
       init::service_groups(service_folders("/etc/service"), stop_wait)) {
    const std::string& name = group.processes.front().name;
    const auto same = [&](const config::GroupConfig& other) {
      return other.name == group.shown() &&
             std::ranges::find(other.processes, name, &config::ProcessConfig::name) !=
                 other.processes.end();
    };
    if (std::ranges::any_of(config.groups, same)) {
      config.warnings.push_back(cat({"program '", group.name, "' is configured, so the service '",
                                     name, "' of /etc/service is left out"}));
      continue;
    }
    const auto starts_before = [](const config::GroupConfig& a, const config::GroupConfig& b) {
      return std::tie(a.priority, a.name) < std::tie(b.priority, b.name);
    };
    config.groups.insert(std::ranges::upper_bound(config.groups, group, starts_before),
                         std::move(group));
  }
}

std::vector<StartupNote> collect_notes(const config::Config& config,
                                       std::vector<StartupNote> earlier) {
  std::vector<StartupNote> notes;
  if (::geteuid() == 0 && !config.daemon.user) {
    notes.push_back(
        {Level::critical,
         "Supervisor is running as root.  Privileges were not dropped because no user is specified "
         "in the config file.  If you intend to run as root, you can set user=root in the config "
         "file to avoid this message."});
  }
  for (const std::string& text : config.warnings) {
    notes.push_back({Level::warn, text});
  }
  for (const std::string& text : config.infos) {
    notes.push_back({Level::info, text});
  }
  notes.insert(notes.end(), std::make_move_iterator(earlier.begin()),
               std::make_move_iterator(earlier.end()));
  return notes;
}

}  // namespace sv::shell
