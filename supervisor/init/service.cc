#include "init/service.h"

#include <csignal>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

#include "base/text.h"

namespace sv::init {
namespace {

/// Services come before programs and go after them, their loggers before and after both.
constexpr int kServicePriority = 0;
constexpr int kLoggerPriority = -1;

constexpr std::string_view kServiceFamily = "service";

/// Between attempts to start what cannot be started.
constexpr std::chrono::seconds kRetryPause{1};

/// What waits for ever, in a field that means seconds.
constexpr std::chrono::seconds kForEver{std::numeric_limits<std::int32_t>::max()};

/// TAI64 labels begin here; ten seconds is what TAI was ahead of UTC in 1970.
constexpr std::uint64_t kTaiEpoch = (std::uint64_t{1} << 62U) + 10;

/// In quotes for the configuration's word splitting, whatever the folder is called.
std::string quoted(std::string_view path) {
  std::string out = "'";
  for (const char c : path) {
    out += c == '\'' ? std::string(R"('"'"')") : std::string(1, c);
  }
  return out + "'";
}

config::ProcessConfig process_of(const std::string& name, const std::string& directory, bool down,
                                 std::chrono::seconds stop_wait) {
  config::ProcessConfig process;
  process.name = name;
  process.program = name;
  process.command = quoted(directory + "/run");
  process.directory = directory;
  process.autostart = !down;
  process.autorestart = config::AutoRestart::always;
  process.start_secs = std::chrono::seconds{0};
  process.retry_pause = kRetryPause;
  process.stop_wait = stop_wait.count() > 0 ? stop_wait : kForEver;
  for (config::LogConfig* log : {&process.stdout_log, &process.stderr_log}) {
    log->kind = config::LogKind::file;
    log->max_bytes = 0;
  }
  process.stdout_log.path = "/dev/stdout";
  process.stderr_log.path = "/dev/stderr";
  process.service = config::ServiceConfig{directory, false, false};
  return process;
}

config::GroupConfig group_of(config::ProcessConfig process, int priority) {
  config::GroupConfig group;
  group.name = cat({kServiceFamily, ":", process.name});
  group.priority = priority;
  group.processes.push_back(std::move(process));
  return group;
}

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = bytes; i-- > 0;) {
    out += static_cast<char>((value >> (8 * i)) & 0xFFU);
  }
}

}  // namespace

std::vector<config::GroupConfig> service_groups(const std::vector<ServiceFolder>& folders,
                                                std::chrono::seconds stop_wait) {
  std::vector<config::GroupConfig> loggers;
  std::vector<config::GroupConfig> services;
  for (const ServiceFolder& folder : folders) {
    config::ProcessConfig service = process_of(folder.name, folder.path, folder.down, stop_wait);
    if (folder.has_logger) {
      service.service->has_logger = true;
      config::ProcessConfig logger =
          process_of(folder.name + "-log", folder.path + "/log", folder.logger_down, stop_wait);
      logger.service->is_logger = true;
      loggers.push_back(group_of(std::move(logger), kLoggerPriority));
    }
    services.push_back(group_of(std::move(service), kServicePriority));
  }
  loggers.insert(loggers.end(), std::make_move_iterator(services.begin()),
                 std::make_move_iterator(services.end()));
  return loggers;
}

std::vector<std::string> finish_arguments(WaitStatus status) {
  return {std::to_string(status.exit_code()), std::to_string(status.raw() & 0xFF)};
}

std::optional<ServiceCommand> command_of(char byte) {
  using Kind = ServiceCommand::Kind;
  switch (byte) {
    case 'u':
      return ServiceCommand{Kind::up, 0};
    case 'o':
      return ServiceCommand{Kind::once, 0};
    case 'd':
    case 'x':  // there is no supervisor of its own that could end
      return ServiceCommand{Kind::down, 0};
    case 't':
      return ServiceCommand{Kind::signal, SIGTERM};
    case 'k':
      return ServiceCommand{Kind::signal, SIGKILL};
    case 'p':
      return ServiceCommand{Kind::signal, SIGSTOP};
    case 'c':
      return ServiceCommand{Kind::signal, SIGCONT};
    case 'a':
      return ServiceCommand{Kind::signal, SIGALRM};
    case 'h':
      return ServiceCommand{Kind::signal, SIGHUP};
    case 'i':
      return ServiceCommand{Kind::signal, SIGINT};
    case 'q':
      return ServiceCommand{Kind::signal, SIGQUIT};
    case '1':
      return ServiceCommand{Kind::signal, SIGUSR1};
    case '2':
      return ServiceCommand{Kind::signal, SIGUSR2};
    default:
      return std::nullopt;
  }
}

std::string status_bytes(const ServiceView& view) {
  const auto since = view.since.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
  std::string bytes;
  append_big_endian(bytes, kTaiEpoch + static_cast<std::uint64_t>(seconds.count()), 8);
  append_big_endian(bytes, static_cast<std::uint64_t>(nanoseconds.count()), 4);
  const auto pid = static_cast<std::uint32_t>(view.pid);
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>((pid >> shift) & 0xFFU);
  }
  bytes += view.paused ? '\1' : '\0';
  bytes += view.want_up ? 'u' : 'd';
  bytes += view.got_term ? '\1' : '\0';
  bytes += static_cast<char>(view.doing);
  return bytes;
}

std::string stat_text(const ServiceView& view) {
  using Doing = ServiceView::Doing;
  std::string text = view.doing == Doing::running     ? "run"
                     : view.doing == Doing::finishing ? "finish"
                                                      : "down";
  if (view.paused) {
    text += ", paused";
  }
  if (view.got_term) {
    text += ", got TERM";
  }
  if (view.doing != Doing::nothing && !view.want_up) {
    text += ", want down";
  }
  return text + "\n";
}

std::string pid_text(const ServiceView& view) {
  return view.pid > 0 ? cat({std::to_string(view.pid), "\n"}) : std::string();
}

}  // namespace sv::init
