#include "shell/lives.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "base/text.h"
#include "os/fs.h"
#include "os/process_env.h"

namespace sv::shell {
namespace {

std::string base_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

/// The texts scripts know for a server that cannot be opened (supervisor-config, 9.3).
std::string server_failure(const os::SocketError& error) {
  switch (error.step) {
    case os::SocketError::Step::in_use:
      return "Another program is already listening on a port that one of our HTTP servers is "
             "configured to use.  Shut this program down first before starting supervisord.";
    case os::SocketError::Step::system:
      if (error.err != 0) {
        return cat({"Cannot open an HTTP server: socket.error reported errno.",
                    errno_name(error.err), " (", std::to_string(error.err), "): ", error.message});
      }
      break;
    case os::SocketError::Step::address:
      return cat({"Cannot open an HTTP server: socket.error reported ", error.message});
    case os::SocketError::Step::not_ours:
    case os::SocketError::Step::ownership:
      break;
  }
  return cat({"Cannot open an HTTP server: ", error.message});
}

/// What the configuration asks of a daemon in the background, and only of one (13 of its traps).
void enter_background(const config::DaemonConfig& config, os::Background& background,
                      DaemonLog& log) {
  log.info("daemonizing the supervisord process");
  log.stop_copying_to_stdout();
  if (config.directory) {
    if (::chdir(config.directory->c_str()) == 0) {
      log.info(cat({"set current directory: ", python_repr(*config.directory)}));
    } else {
      const int err = errno;
      log.critical(
          cat({"can't chdir into ", python_repr(*config.directory), ": ", errno_text(err)}));
    }
  }
  ::umask(config.umask);
  if (const Result<void> outcome = background.ready(); !outcome) {
    log.critical(outcome.error().message);
  }
}

/// Written while a life lasts.
class PidFile {
 public:
  PidFile(const std::string& path, DaemonLog& log) : path_(path) {
    if (const Result<void> outcome = os::write_pidfile(path, ::getpid()); outcome) {
      written_ = true;
      log.info(cat({"supervisord started with pid ", std::to_string(::getpid())}));
    } else {
      log.critical(cat({"could not write pidfile ", path, ": ", outcome.error().message}));
    }
  }
  ~PidFile() {
    if (written_) {
      os::remove_pidfile(path_, ::getpid());
    }
  }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::string path_;
  bool written_ = false;
};

}  // namespace

Lives::Lives(std::string program, Personality personality,
             std::function<Daemon::ConfigResult()> load)
    : program_(std::move(program)), personality_(personality), load_(std::move(load)) {}

Result<int> Lives::run(config::Config first, const std::vector<StartupNote>& notes,
                       std::optional<os::Background>& background) {
  std::unique_ptr<uv::Loop> own_loop;
  if (shared_loop_ == nullptr) {
    auto created = uv::Loop::create();
    if (!created) {
      return tl::unexpected(std::move(created.error()));
    }
    own_loop = std::move(*created);
  }
  uv::Loop& loop = own_loop != nullptr ? *own_loop : *shared_loop_;
  StandardOutputs outputs(loop);
  auto config = std::make_shared<const config::Config>(std::move(first));
  const bool foreground = !background.has_value();
  std::uint64_t serial = 0;
  int status = 0;
  std::vector<StartupNote> pending_notes = notes;
  for (;;) {
    auto log = DaemonLog::create({.log = config->daemon.log,
                                  .copy_to_stdout = foreground && !config->daemon.silent,
                                  .ident = base_name(program_)},
                                 outputs, loop, clock_);
    if (!log) {
      return tl::unexpected(std::move(log.error()));
    }
    loop.set_fault_hook([&log](std::string_view text) {
      (*log)->critical(cat({"internal error, going on: ", text}));
    });
    for (const StartupNote& note : collect_notes(*config, std::exchange(pending_notes, {}))) {
      (*log)->write(note.level, note.text);
    }
    Daemon daemon({loop, clock_, outputs, **log, ChildEnvironment(environ), load_,
                   base_name(program_), personality_ == Personality::supervisord, companion_},
                  config, serial);
    if (const auto prepared = daemon.prepare(); !prepared) {
      std::string reason = server_failure(prepared.error());
      (*log)->critical(reason);
      return fail(ErrorCode::io, std::move(reason));
    }
    if (background) {
      enter_background(config->daemon, *background, **log);
      background.reset();
    }
    const PidFile pidfile(config->daemon.pidfile, **log);
    const Daemon::Outcome outcome = daemon.run();
    serial = daemon.next_event_serial();
    status = daemon.exit_status();
    config = daemon.next_config();
    loop.set_fault_hook(nullptr);
    if (outcome == Daemon::Outcome::shutdown || config == nullptr) {
      break;
    }
  }
  outputs.flush_for(kLastWords);
  return status;
}

}  // namespace sv::shell
