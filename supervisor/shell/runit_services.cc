#include "shell/runit_services.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "base/text.h"

namespace sv::shell {

struct RunitServices::Service {
  std::string group;
  std::string pipe;  ///< key of the one between it and its logger
  init::ServiceView view;
  bool start_when_down = false;             ///< "up" while it was being stopped
  std::unique_ptr<SuperviseFolder> folder;  ///< unset: cannot be controlled
};

/// Survives either side, and is gone with the second.
struct RunitServices::LogPipe {
  UniqueFd read;
  UniqueFd write;
};

namespace {

/// The folder of the service, for itself and for its logger.
std::string pipe_of(const config::ServiceConfig& service) {
  constexpr std::string_view kLog = "/log";
  const std::string& folder = service.directory;
  return service.is_logger ? folder.substr(0, folder.size() - kLog.size()) : folder;
}

}  // namespace

RunitServices::RunitServices(Parts parts) : parts_(std::move(parts)) {}
RunitServices::~RunitServices() = default;

void RunitServices::add(const core::Group& group) {
  for (const auto& process : group.processes()) {
    if (!process->config->service) {
      continue;
    }
    const core::ProcessId id = process->id;
    auto service = std::make_unique<Service>();
    service->group = group.name();
    service->pipe = pipe_of(*process->config->service);
    service->view.since = parts_.clock.now().wall;
    auto folder = SuperviseFolder::open(parts_.loop, process->config->service->directory,
                                        [this, id](std::string_view bytes) { command(id, bytes); });
    if (folder) {
      service->folder = std::move(*folder);
    } else {
      parts_.log.warn(cat({"service ", process->config->name,
                           " cannot be controlled with sv: ", folder.error().message}));
    }
    Service& added = *services_.insert_or_assign(id, std::move(service)).first->second;
    show(added, *process);
  }
}

void RunitServices::remove(std::string_view group) {
  std::erase_if(services_, [group](const auto& entry) { return entry.second->group == group; });
  std::erase_if(pipes_, [this](const auto& pipe) {
    return std::ranges::none_of(
        services_, [&pipe](const auto& entry) { return entry.second->pipe == pipe.first; });
  });
}

// Launching
// ------------------------------------------------------------------------------------------

ChildLauncher::Request RunitServices::run_request(const core::Process& process) {
  if (!null_) {
    null_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  }
  ChildLauncher::Request request;
  request.command = ChildCommand{"./run", {"./run"}};
  if (null_) {
    request.stdin_fd = null_.get();
  }
  if (process.config->service->is_logger) {
    if (const std::optional<int> end = log_pipe_end(process, true)) {
      request.stdin_fd = end;
    }
  } else if (process.config->service->has_logger) {
    request.stdout_fd = log_pipe_end(process, false);
  }
  return request;
}

std::optional<ChildLauncher::Request> RunitServices::finish_request(const core::Process& process,
                                                                    WaitStatus ended) {
  const std::string file = process.config->service->directory + "/finish";
  if (::access(file.c_str(), X_OK) != 0) {
    return std::nullopt;
  }
  ChildLauncher::Request request = run_request(process);
  ChildCommand command{"./finish", {"./finish"}};
  for (std::string& argument : init::finish_arguments(ended)) {
    command.argv.push_back(std::move(argument));
  }
  request.command = std::move(command);
  return request;
}

std::optional<int> RunitServices::log_pipe_end(const core::Process& process, bool reading) {
  const std::string key = pipe_of(*process.config->service);
  std::unique_ptr<LogPipe>& pipe = pipes_[key];
  if (pipe == nullptr) {
    std::array<int, 2> fds{-1, -1};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) {
      const int err = errno;
      pipes_.erase(key);
      parts_.log.warn(cat({"no pipe between service ", process.config->name,
                           " and its logger: ", errno_text(err)}));
      return std::nullopt;
    }
    pipe = std::make_unique<LogPipe>(LogPipe{UniqueFd(fds[0]), UniqueFd(fds[1])});
  }
  return reading ? pipe->read.get() : pipe->write.get();
}

// Commands of sv
// -------------------------------------------------------------------------------------

void RunitServices::command(core::ProcessId id, std::string_view bytes) {
  for (const char byte : bytes) {
    const auto at = services_.find(id);
    const core::Process* process = parts_.find(id);
    if (at == services_.end() || process == nullptr) {
      return;
    }
    if (const std::optional<init::ServiceCommand> command = init::command_of(byte)) {
      obey(*at->second, *process, *command);
    }
  }
}

void RunitServices::obey(Service& service, const core::Process& process,
                         const init::ServiceCommand& command) {
  using Kind = init::ServiceCommand::Kind;
  switch (command.kind) {
    case Kind::up:
    case Kind::once:
      service.start_when_down =
          command.kind == Kind::up && process.state() == core::ProcessState::stopping;
      service.view.want_up = command.kind == Kind::up;
      parts_.feed(process.id, core::stimulus::Start{command.kind == Kind::once});
      break;
    case Kind::down:
      service.start_when_down = false;
      service.view.want_up = false;
      parts_.feed(process.id, core::stimulus::Stop{});
      break;
    case Kind::signal: {
      // finish is not disturbed, but it may be killed.
      const bool finishing = service.view.doing == init::ServiceView::Doing::finishing;
      if (process.record().pid > 0 && (!finishing || command.signal == SIGKILL)) {
        (void)parts_.signal(process, command.signal);
      }
      break;
    }
  }
  if (const core::Process* still = parts_.find(process.id); still != nullptr) {
    show(service, *still);
  }
}

// What sv sees
// ---------------------------------------------------------------------------------------

RunitServices::Service* RunitServices::find(const core::Process& process) {
  const auto at = services_.find(process.id);
  return at != services_.end() ? at->second.get() : nullptr;
}

void RunitServices::state_changed(const core::Process& process, const core::StateChange& change) {
  Service* service = find(process);
  if (service == nullptr) {
    return;
  }
  using core::ProcessState;
  init::ServiceView& view = service->view;
  switch (change.to) {
    case ProcessState::starting:
      view = {.since = parts_.clock.now().wall, .want_up = !process.machine.once()};
      break;
    case ProcessState::running:
    case ProcessState::unknown:
      break;
    case ProcessState::stopping:
      view.want_up = service->start_when_down;
      break;
    case ProcessState::backoff:
    case ProcessState::exited:
    case ProcessState::stopped:
    case ProcessState::fatal:
      view = {.since = parts_.clock.now().wall, .want_up = view.want_up};
      break;
  }
  if (change.to == ProcessState::stopped && std::exchange(service->start_when_down, false)) {
    parts_.feed(process.id, core::stimulus::Start{});
  }
  show(*service, process);
}

void RunitServices::handed_over(const core::Process& process) {
  if (Service* service = find(process); service != nullptr) {
    service->view = {.doing = init::ServiceView::Doing::finishing,
                     .since = parts_.clock.now().wall,
                     .want_up = service->view.want_up};
    show(*service, process);
  }
}

void RunitServices::signalled(const core::Process& process, int number) {
  Service* service = find(process);
  if (service == nullptr) {
    return;
  }
  switch (number) {
    case SIGTERM:
      service->view.got_term = true;
      break;
    case SIGSTOP:
      service->view.paused = true;
      break;
    case SIGCONT:
      service->view.paused = false;
      break;
    default:
      return;
  }
  show(*service, process);
}

void RunitServices::show(Service& service, const core::Process& process) {
  using Doing = init::ServiceView::Doing;
  service.view.pid = process.record().pid;
  if (service.view.pid == 0) {
    service.view.doing = Doing::nothing;
  } else if (service.view.doing == Doing::nothing) {
    service.view.doing = Doing::running;
  }
  if (service.folder != nullptr) {
    service.folder->show(service.view);
  }
}

}  // namespace sv::shell
