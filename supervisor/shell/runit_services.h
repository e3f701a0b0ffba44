#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "base/unique_fd.h"
#include "base/wait_status.h"
#include "core/supervisor.h"
#include "init/service.h"
#include "shell/child_launcher.h"
#include "shell/supervise_folder.h"

namespace sv::shell {

/// What the processes made from service folders have beside those of programs: supervise folders,
/// the pipe to a logger, run and finish (docs/design/process-one.md). The engine treats them like
/// any other process.
class RunitServices {
 public:
  /// References outlive the services.
  struct Parts {
    uv::Loop& loop;
    ActivityLog& log;
    const Clock& clock;
    /// Feeds the core and performs what follows.
    std::function<void(core::ProcessId id, const core::Stimulus& stimulus)> feed;
    std::function<Result<void>(const core::Process& process, int signal)> signal;
    std::function<const core::Process*(core::ProcessId id)> find;
  };

  explicit RunitServices(Parts parts);
  ~RunitServices();
  RunitServices(const RunitServices&) = delete;
  RunitServices& operator=(const RunitServices&) = delete;

  /// A group became active: opens what its services need. A folder that cannot be controlled is
  /// reported; its service runs all the same.
  void add(const core::Group& group);
  void remove(std::string_view group);

  /// How `run` of a service is launched.
  [[nodiscard]] ChildLauncher::Request run_request(const core::Process& process);
  /// How `finish` is; nullopt when there is none.
  [[nodiscard]] std::optional<ChildLauncher::Request> finish_request(const core::Process& process,
                                                                     WaitStatus ended);

  void state_changed(const core::Process& process, const core::StateChange& change);
  /// `finish` goes on in the place of `run`.
  void handed_over(const core::Process& process);
  /// A signal was sent to it.
  void signalled(const core::Process& process, int number);

 private:
  struct Service;

  void command(core::ProcessId id, std::string_view bytes);
  void obey(Service& service, const core::Process& process, const init::ServiceCommand& command);
  [[nodiscard]] Service* find(const core::Process& process);
  void show(Service& service, const core::Process& process);
  [[nodiscard]] std::optional<int> log_pipe_end(const core::Process& process, bool reading);

  Parts parts_;
  UniqueFd null_;  ///< standard input of services
  std::map<core::ProcessId, std::unique_ptr<Service>> services_;
  struct LogPipe;
  std::map<std::string, std::unique_ptr<LogPipe>> pipes_;  ///< by the service's folder
};

}  // namespace sv::shell
