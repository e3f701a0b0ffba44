#include <algorithm>
#include <limits>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "base/unicode.h"
#include "config/environment.h"
#include "config/load_state.h"
#include "config/value_types.h"

/// The body that [program:x], [fcgi-program:x] and [eventlistener:x] share (supervisor-config,
/// 3.6). Errors carry the section and its file.
namespace sv::config {
namespace {

/// In one configuration. Far more than one machine runs; keeps a typing error from eating memory.
constexpr std::int64_t kMostProcesses = 10'000;

constexpr std::string_view kListenerPrefix = "eventlistener:";

/// What a section says once for all of its processes.
struct ProgramTemplate {
  ProcessConfig process;
  std::int64_t numprocs = 1;
  std::int64_t first_number = 0;
  bool redirect_if_unused = false;  ///< redirect_stderr=auto
  std::string process_name;         ///< not expanded
};

struct ChannelKeys {
  std::string_view logfile;
  std::string_view max_bytes;
  std::string_view backups;
  std::string_view syslog;
};

constexpr ChannelKeys kStdoutKeys{"stdout_logfile", "stdout_logfile_maxbytes",
                                  "stdout_logfile_backups", "stdout_syslog"};
constexpr ChannelKeys kStderrKeys{"stderr_logfile", "stderr_logfile_maxbytes",
                                  "stderr_logfile_backups", "stderr_syslog"};

/// A negative limit keeps only the last piece that was read, like the smallest limit does.
Result<std::uint64_t> parse_capture_size(std::string_view text) {
  return parse_byte_size(text).map(
      [](std::int64_t v) { return v < 0 ? 1 : static_cast<std::uint64_t>(v); });
}

/// The first process number, with room for all that follow.
Result<std::int64_t> parse_first_number(std::string_view text) {
  const Result<std::int64_t> number = parse_integer(text);
  if (number && *number > std::numeric_limits<std::int64_t>::max() - kMostProcesses) {
    return fail(ErrorCode::limit_exceeded, cat({"cannot use ", python_repr(text), ": too large"}));
  }
  return number;
}

/// Any case of "auto", with spaces, is the default; everything else is passed on as it is.
std::optional<std::string> server_url_of(const std::optional<std::string>& text) {
  if (!text || ascii_lower(trim_unicode(*text)) == "auto") {
    return std::nullopt;
  }
  return text;
}

class ProgramReader {
 public:
  ProgramReader(LoadState& state, const IniSection& section, const std::string& group_name)
      : state_(state),
        names_(state.names),
        reader_(reader_of(state, section, names_).with_location_suffix()) {
    names_.insert_or_assign("host_node_name", state.context.host_node_name);
    names_.insert_or_assign("group_name", group_name);
    const std::string untrimmed = section.name.substr(section.name.find(':') + 1);
    program_ = trim_unicode(untrimmed);
    names_.insert_or_assign("program_name", program_);
    if (const auto name = parse_name(untrimmed); !name) {
      reader_.fail(name.error().message);
    }
  }

  ProgramReader(const ProgramReader&) = delete;  // reader_ refers to names_
  ProgramReader& operator=(const ProgramReader&) = delete;

  std::vector<ProcessConfig> read() {
    const ProgramTemplate program = read_template();
    std::vector<ProcessConfig> processes;
    names_.insert_or_assign("numprocs", program.numprocs);
    for (std::int64_t i = 0; i < program.numprocs; ++i) {
      const std::size_t errors_before = state_.errors.added();
      names_.insert_or_assign("process_num", program.first_number + i);
      processes.push_back(read_process(program));
      ++state_.processes;
      if (state_.errors.added() != errors_before) {
        break;  // its siblings would complain about the same lines
      }
    }
    std::ranges::stable_sort(processes, {}, &ProcessConfig::name);
    return processes;
  }

 private:
  ProgramTemplate read_template() {
    ProgramTemplate program;
    read_policy(program.process);
    read_redirection(program);
    program.numprocs = reader_.value("numprocs", parse_integer);
    program.first_number = reader_.value("numprocs_start", parse_first_number);
    read_channels(program.process);
    program.process.server_url = server_url_of(reader_.text("serverurl"));
    program.process.user = reader_.optional_value(
        "user", [this](std::string_view text) { return parse_user(text, state_.context); });
    program.process.umask = reader_.optional_value("umask", parse_octal);
    program.process_name = reader_.unexpanded("process_name");
    check_rules(program);
    return program;
  }

  void read_policy(ProcessConfig& process) {
    process.program = program_;
    process.priority = reader_.value("priority", parse_int);
    process.autostart = reader_.value("autostart", parse_boolean);
    process.autorestart = reader_.value("autorestart", parse_autorestart);
    process.on_exit = reader_.value("on_exit", parse_on_exit);
    process.on_fatal = reader_.value("on_fatal", parse_on_fatal);
    process.start_secs = reader_.value("startsecs", parse_seconds);
    process.start_retries = reader_.value("startretries", parse_int);
    process.stop_signal = reader_.value("stopsignal", parse_signal_value);
    process.stop_wait = reader_.value("stopwaitsecs", parse_seconds);
    process.stop_as_group = reader_.value("stopasgroup", parse_boolean);
    process.kill_as_group =
        reader_.optional_value("killasgroup", parse_boolean).value_or(process.stop_as_group);
    process.stop_tree = reader_.optional_value("stop_tree", parse_boolean)
                            .value_or(process.stop_as_group || process.kill_as_group);
    process.forward_signals = reader_.value("forward_signals", parse_forward_signals);
    process.exit_codes = reader_.value("exitcodes", parse_exit_codes);
  }

  /// A listener's standard output is the protocol: there `auto` never means the same channel.
  void read_redirection(ProgramTemplate& program) {
    const std::optional<bool> redirect = reader_.value("redirect_stderr", parse_redirection);
    program.process.redirect_stderr = redirect.value_or(false);
    program.redirect_if_unused = !redirect && !reader_.section().name.starts_with(kListenerPrefix);
  }

  void read_channels(ProcessConfig& process) {
    process.stdout_log.capture_max_bytes =
        reader_.value("stdout_capture_maxbytes", parse_capture_size);
    process.stdout_log.events_enabled = reader_.value("stdout_events_enabled", parse_boolean);
    process.stderr_log.capture_max_bytes =
        reader_.value("stderr_capture_maxbytes", parse_capture_size);
    process.stderr_log.events_enabled = reader_.value("stderr_events_enabled", parse_boolean);
  }

  void check_rules(ProgramTemplate& program) {
    // The name is checked before it is expanded, so an expansion may bring any character in.
    Result<std::string> name = parse_name(program.process_name);
    if (name) {
      program.process_name = *std::move(name);
    } else {
      reader_.fail("process_name", name.error().message);
    }
    const bool numbered = program.process_name.find("%(process_num)") != std::string::npos;
    if (program.numprocs > 1 && !numbered) {
      reader_.fail("numprocs",
                   "%(process_num) must be present within process_name when numprocs > 1");
    }
    if (program.numprocs > kMostProcesses - state_.processes) {
      reader_.fail("numprocs", cat({"cannot run more than ", std::to_string(kMostProcesses),
                                    " processes in all"}));
      program.numprocs = 0;
    }
    if (program.process.stop_as_group && !program.process.kill_as_group) {
      reader_.fail("killasgroup", "Cannot set stopasgroup=true and killasgroup=false");
    }
  }

  ProcessConfig read_process(const ProgramTemplate& program) {
    ProcessConfig process = program.process;
    const Environment own = read_environment();
    process.environment = merged(state_.config.daemon.environment, own);
    if (own.empty()) {
      read_process_keys(reader_, program, process);
      return process;
    }
    ExpansionNames names = names_;
    add_environment_names(names, own);
    read_process_keys(reader_.with_names(names), program, process);
    return process;
  }

  Environment read_environment() {
    const std::string text = reader_.text_or_default("environment", "environment").value_or("");
    Result<Environment> environment = parse_environment(text);
    if (!environment) {
      reader_.fail("environment", environment.error().message);
      return {};
    }
    return *std::move(environment);
  }

  void read_process_keys(const SectionReader& reader, const ProgramTemplate& program,
                         ProcessConfig& process) {
    process.directory = reader.text("directory");
    read_log(reader, kStdoutKeys, process.stdout_log);
    read_log(reader, kStderrKeys, process.stderr_log);
    if (program.redirect_if_unused && !uses_stderr(reader, process.stderr_log)) {
      process.redirect_stderr = true;
    }
    if (process.redirect_stderr) {
      silence_stderr(reader, process.stderr_log);
    }
    if (!reader.has("command")) {
      reader.fail("command",
                  cat({"program section ", reader.section().name, " does not specify a command"}));
    }
    process.command = reader.text("command").value_or("");
    Result<std::string> name = expand(program.process_name, reader.names(), "process_name");
    if (name) {
      process.name = *std::move(name);
    } else {
      reader.fail("process_name", name.error().message);
    }
  }

  void read_log(const SectionReader& reader, const ChannelKeys& keys, LogConfig& log) {
    const bool deprecated_syslog = read_log_target(reader, keys.logfile, log);
    log.backups = reader.value(keys.backups, parse_int);
    log.max_bytes = reader.value(keys.max_bytes, parse_size);
    log.syslog = reader.value(keys.syslog, parse_boolean);
    const std::string& section = reader.section().name;
    if (deprecated_syslog) {
      log.syslog = true;
      warn(cat({"For [", section, "], ", keys.logfile,
                "=syslog but this is deprecated and will be removed.  Use ", keys.syslog,
                "=true to enable syslog instead."}));
    }
    if (log.kind == LogKind::automatic && log.max_bytes == 0) {
      warn(cat({"For [", section, "], AUTO logging used for ", keys.logfile,
                " without rollover, set maxbytes > 0 to avoid filling up filesystem "
                "unintentionally"}));
    }
  }

  /// Sets kind and path; returns whether the value is the deprecated "syslog".
  bool read_log_target(const SectionReader& reader, std::string_view key, LogConfig& log) {
    log.kind = LogKind::automatic;
    log.path.clear();
    const std::optional<std::string> once = reader.text(key);
    if (!once) {
      return false;
    }
    // A second expansion, with the bare key as its label: an upstream habit that files rely on.
    Result<std::string> twice = expand(*once, reader.names(), key);
    if (!twice) {
      reader.fail(key, twice.error().message);
      return false;
    }
    const std::string lowered = ascii_lower(*twice);
    if (lowered == "auto") {
      return false;
    }
    log.kind = LogKind::none;
    if (lowered.empty() || lowered == "none" || lowered == "off" || lowered == "syslog") {
      return lowered == "syslog";
    }
    Result<std::string> path = parse_file_path(*twice, state_.context);
    if (!path) {
      reader.fail(key, path.error().message);
      return false;
    }
    log.kind = LogKind::file;
    log.path = *std::move(path);
    return false;
  }

  /// Whether the program asks for anything that needs standard error as a channel of its own.
  /// Sizes and numbers of backups of its file do not: they say nothing about where it is.
  static bool uses_stderr(const SectionReader& reader, const LogConfig& log) {
    return reader.has(kStderrKeys.logfile) || log.syslog || log.events_enabled ||
           log.capture_max_bytes != 0;
  }

  /// redirect_stderr sends the output elsewhere; a file that was asked for is worth a warning.
  void silence_stderr(const SectionReader& reader, LogConfig& log) {
    const bool empty_name =
        reader.has("stderr_logfile") && reader.unexpanded("stderr_logfile").empty();
    if (log.kind == LogKind::file || empty_name) {
      warn(cat({"For [", reader.section().name,
                "], redirect_stderr=true but stderr_logfile has also been set to a filename, the "
                "filename has been ignored"}));
    }
    log.kind = LogKind::none;
    log.path.clear();
  }

  void warn(std::string text) { state_.config.warnings.push_back(std::move(text)); }

  LoadState& state_;
  ExpansionNames names_;  ///< of the section; process_num changes from process to process
  SectionReader reader_;
  std::string program_;
};

}  // namespace

std::vector<ProcessConfig> load_processes(LoadState& state, const IniSection& section,
                                          const std::string& group_name) {
  return ProgramReader(state, section, group_name).read();
}

}  // namespace sv::config
