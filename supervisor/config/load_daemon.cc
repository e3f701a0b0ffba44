#include <algorithm>

#include "base/parse.h"
#include "base/text.h"
#include "config/environment.h"
#include "config/load_state.h"
#include "config/paths.h"
#include "config/value_types.h"

/// [supervisord] and [rpcinterface:x].
namespace sv::config {
namespace {

constexpr std::string_view kRpcFactoryKey = "supervisor.rpcinterface_factory";
constexpr std::string_view kMainRpcFactory = "supervisor.rpcinterface:make_main_rpcinterface";

auto path_parser(const LoadContext& context) {
  return [&context](std::string_view text) { return parse_file_path(text, context); };
}

auto directory_parser(const LoadContext& context) {
  return [&context](std::string_view text) { return parse_existing_directory(text, context); };
}

template <class To, class From>
void override_with(const std::optional<From>& given, To& value) {
  if (given) {
    value = *given;
  }
}

/// Negative means 0, as it does in the file.
void override_with(const std::optional<std::int64_t>& given, std::uint64_t& value) {
  if (given) {
    value = static_cast<std::uint64_t>(std::max<std::int64_t>(*given, 0));
  }
}

void apply(const DaemonOverrides& given, DaemonConfig& daemon) {
  override_with(given.umask, daemon.umask);
  override_with(given.directory, daemon.directory);
  override_with(given.logfile, daemon.log.path);
  override_with(given.logfile_maxbytes, daemon.log.max_bytes);
  override_with(given.logfile_backups, daemon.log.backups);
  override_with(given.loglevel, daemon.log.level);
  override_with(given.pidfile, daemon.pidfile);
  override_with(given.identifier, daemon.identifier);
  override_with(given.childlogdir, daemon.child_log_dir);
  override_with(given.minfds, daemon.min_fds);
  override_with(given.minprocs, daemon.min_procs);
  // The flags can only switch on.
  daemon.nodaemon = daemon.nodaemon || given.nodaemon;
  daemon.silent = daemon.silent || given.silent;
  daemon.nocleanup = daemon.nocleanup || given.nocleanup;
  daemon.strip_ansi = daemon.strip_ansi || given.strip_ansi;
}

/// Reads the section in the reference's order. What it says is validated even where the command
/// line wins.
class DaemonReader {
 public:
  DaemonReader(LoadState& state, const IniSection& section)
      : state_(state),
        context_(state.context),
        reader_(reader_of(state, section, state.names)),
        daemon_(state.config.daemon) {}

  /// Returns the text of `user`, which is resolved last.
  std::optional<std::string> read() {
    daemon_.min_fds = reader_.value("minfds", parse_count);
    daemon_.min_procs = reader_.value("minprocs", parse_count);
    daemon_.directory = reader_.optional_value("directory", directory_parser(context_));
    const std::optional<std::string> user = reader_.text("user");
    daemon_.umask = reader_.value("umask", parse_octal);
    daemon_.log.path = reader_.value("logfile", path_parser(context_));
    daemon_.log.max_bytes = reader_.value("logfile_maxbytes", parse_size);
    daemon_.log.backups = reader_.value("logfile_backups", parse_int);
    daemon_.log.level = reader_.value("loglevel", parse_log_level);
    daemon_.pidfile = reader_.value("pidfile", path_parser(context_));
    daemon_.identifier = reader_.text_or_default("identifier").value_or(daemon_.identifier);
    daemon_.nodaemon = reader_.value("nodaemon", parse_boolean);
    daemon_.silent = reader_.value("silent", parse_boolean);
    daemon_.child_log_dir = reader_.optional_value("childlogdir", directory_parser(context_))
                                .value_or(context_.temp_directory);
    daemon_.nocleanup = reader_.value("nocleanup", parse_boolean);
    daemon_.strip_ansi = reader_.value("strip_ansi", parse_boolean);
    daemon_.exit_on = reader_.value("exit_on", parse_exit_on);
    daemon_.shutdown_deadline = reader_.optional_value("shutdown_deadline", parse_seconds);
    read_environment();
    apply(context_.overrides, daemon_);
    complete_paths();
    return context_.overrides.user ? context_.overrides.user : user;
  }

 private:
  void read_environment() {
    ExpansionNames names = state_.names;
    names.insert_or_assign("host_node_name", context_.host_node_name);
    const SectionReader reader = reader_.with_names(names);
    const std::string text = reader.text_or_default("environment", "environment").value_or("");
    Result<Environment> environment = parse_environment(text);
    if (!environment) {
      reader.fail("environment", environment.error().message);
      return;
    }
    daemon_.environment = *std::move(environment);
    add_environment_names(state_.env_names, daemon_.environment);
    add_environment_names(state_.names, daemon_.environment);
  }

  void complete_paths() {
    ActivityLogConfig& log = daemon_.log;
    if (log.path.empty()) {
      reader_.fail("logfile", "cannot log to a file without a name: give a path or 'syslog'");
    }
    log.syslog = log.path == "syslog";
    log.path = log.syslog ? log.path : absolute(log.path);
    daemon_.pidfile = absolute(daemon_.pidfile);
    daemon_.child_log_dir = absolute(daemon_.child_log_dir);
  }

  [[nodiscard]] std::string absolute(const std::string& path) const {
    return absolute_path(path, context_.current_directory);
  }

  LoadState& state_;
  const LoadContext& context_;
  SectionReader reader_;
  DaemonConfig& daemon_;
};

}  // namespace

std::optional<std::string> load_daemon(LoadState& state) {
  const IniSection* section = state.document.find("supervisord");
  if (section != nullptr) {
    return DaemonReader(state, *section).read();
  }
  state.errors.add(
      ConfigError{state.config.file, 0, "", "", ".ini file does not include supervisord section"});
  const IniSection empty{"supervisord", state.config.file, 0, {}};
  return DaemonReader(state, empty).read();
}

void load_rpc_interfaces(LoadState& state) {
  for (const IniSection* section : sections_of(state.document, "rpcinterface:")) {
    const SectionReader reader = reader_of(state, *section, state.env_names);
    const std::optional<std::string> factory = reader.text(kRpcFactoryKey);
    if (!reader.has(kRpcFactoryKey)) {
      reader.fail(kRpcFactoryKey,
                  cat({"section [", section->name, "] does not specify a ", kRpcFactoryKey}));
    } else if (factory && *factory != kMainRpcFactory) {
      reader.fail(kRpcFactoryKey, cat({*factory, " cannot be resolved within [", section->name,
                                       "]: only ", kMainRpcFactory, " is built in"}));
    }
    for (const std::string& key : reader.keys()) {
      // Arguments of the factory: without effect here, but a broken expansion is an error.
      [[maybe_unused]] const auto argument = reader.text(key);
    }
    state.config.rpc_interfaces.push_back(section->name.substr(section->name.find(':') + 1));
  }
}

void resolve_daemon_user(LoadState& state, const std::optional<std::string>& text) {
  if (!text) {
    return;
  }
  Result<UserRef> user = parse_user(*text, state.context);
  if (user) {
    state.config.daemon.user = *std::move(user);
    return;
  }
  const IniSection* section = state.document.find("supervisord");
  if (state.context.overrides.user || section == nullptr) {
    state.errors.add(ConfigError{"", 0, "", "", user.error().message});
    return;
  }
  reader_of(state, *section, state.names).fail("user", user.error().message);
}

}  // namespace sv::config
