#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/resource_usage.h"
#include "base/result.h"
#include "base/time.h"
#include "config/model.h"
#include "core/event.h"
#include "core/supervisor.h"
#include "rpc/fault.h"

namespace sv::rpc {

/// Processes that nobody else would have collected.
struct Orphans {
  std::uint64_t reaped = 0;
  std::map<std::string, std::uint64_t> of_programs;  ///< where that could be known, by namespec
};

/// What the methods need of the daemon: the view of the core and the commands that reach outside
/// of it. The shell implements it; tests implement it with a table. Every command has taken full
/// effect when it returns (a start has spawned or failed, its effects are performed).
class Host {
 public:
  virtual ~Host() = default;

  [[nodiscard]] virtual Now now() const = 0;
  [[nodiscard]] virtual const core::Supervisor& supervisor() const = 0;
  /// The configuration the daemon was started with. Its own settings (servers, RPC interfaces,
  /// logs) hold until a restart, whatever a reread finds; only the identifier and what concerns
  /// logs of programs are taken over (supervisor-config, 15).
  [[nodiscard]] virtual const config::Config& startup_config() const = 0;
  /// The most recently read configuration (start, or the last successful reread).
  [[nodiscard]] virtual const config::Config& latest_config() const = 0;
  /// The daemon's pid.
  [[nodiscard]] virtual pid_t pid() const = 0;

  // Processes ------------------------------------------------------------------------------------

  /// Whether the command could be executed: no_file or not_executable with the reference's text.
  [[nodiscard]] virtual std::optional<wire::XmlRpcFault> check_command(core::ProcessId id) = 0;
  virtual void start(core::ProcessId id) = 0;
  virtual void stop(core::ProcessId id) = 0;
  /// Sends a signal to the process itself, and logs the attempt; the state does not change.
  /// not_found: it has just ended by itself.
  virtual Result<void> signal(core::ProcessId id, int number) = 0;

  enum class StdinOutcome {
    accepted,  ///< written, or queued within the limit
    not_running,
    closed,  ///< the program closed its end, or has no stdin channel
  };
  virtual StdinOutcome write_stdin(core::ProcessId id, std::string_view text) = 0;

  /// What the processes of these pids and their descendants use at this moment, in that order;
  /// nullopt for one that is not known. Costs a small read per process of the system.
  [[nodiscard]] virtual std::vector<std::optional<ResourceUsage>> usage_of(
      std::span<const pid_t> pids) const = 0;

  virtual void send_remote_event(std::string_view type, std::string_view data) = 0;

  // Logs -----------------------------------------------------------------------------------------

  /// The file behind a channel; nullopt when it has none (disabled, redirected, syslog only).
  /// Absolute for automatic logs, otherwise as configured.
  [[nodiscard]] virtual std::optional<std::string> log_path(core::ProcessId id,
                                                            core::Channel channel) const = 0;
  /// The daemon's own log file; nullopt when it logs to syslog.
  [[nodiscard]] virtual std::optional<std::string> main_log_path() const = 0;
  /// Size of a log file in bytes. not_found when there is none.
  [[nodiscard]] virtual Result<std::uint64_t> log_size(const std::string& path) const = 0;
  /// At most `length` bytes from `offset`; fewer at the end of the file.
  [[nodiscard]] virtual Result<std::string> read_log(const std::string& path, std::uint64_t offset,
                                                     std::uint64_t length) const = 0;
  /// How many bytes the current run of a process added to a channel's log, or its last run; 0 after
  /// the log was emptied. The file has less of it when it was rotated meanwhile.
  [[nodiscard]] virtual std::uint64_t log_bytes(core::ProcessId id,
                                                core::Channel channel) const = 0;
  /// Empties both logs of a process (recreated when it is running). Never unlinks a device.
  virtual Result<void> clear_logs(core::ProcessId id) = 0;
  virtual Result<void> clear_main_log() = 0;

  // The daemon -----------------------------------------------------------------------------------

  /// Reads the configuration again without touching processes; the error text of CANT_REREAD.
  virtual tl::expected<config::GroupChanges, std::string> reread() = 0;
  /// not_found: not in the latest configuration (also when it is active); already_exists: active.
  virtual Result<void> add_group(std::string_view name) = 0;
  /// not_found: not active; unavailable: a member is not stopped.
  virtual Result<void> remove_group(std::string_view name) = 0;
  /// Orphans reaped in this life of the daemon.
  [[nodiscard]] virtual const Orphans& orphans() const = 0;
  virtual void shut_down() = 0;
  /// Reads the configuration first; the error text of CANT_REREAD, and then nothing is restarted.
  virtual Result<void> restart() = 0;
};

}  // namespace sv::rpc
