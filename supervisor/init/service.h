#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "base/wait_status.h"
#include "config/model.h"

/// runit's service folders (init-and-images, 1.12) as values: what a folder becomes in the engine,
/// what the bytes in its supervise/control mean, what is in supervise/status, stat and pid.
namespace sv::init {

/// A folder with a `run` file, as found.
struct ServiceFolder {
  std::string name;
  std::string path;         ///< absolute
  bool down = false;        ///< has a file `down`: not started by itself
  bool has_logger = false;  ///< has log/run
  bool logger_down = false;

  friend bool operator==(const ServiceFolder&, const ServiceFolder&) = default;
};

/// The groups the folders make: "service:NAME" for each, and "service:NAME-log" for its logger.
/// Loggers come first: they start before what they log and stop after it. Each is a group of its
/// own in the family "service", so that one can be added, changed and removed without the others
/// (clients update groups, not processes).
/// `stop_wait`: how long TERM may take before KILL; zero waits for ever.
[[nodiscard]] std::vector<config::GroupConfig> service_groups(
    const std::vector<ServiceFolder>& folders, std::chrono::seconds stop_wait);

/// The two arguments of `finish`: exit code, or -1 for a signal, and the low byte of wait's status.
[[nodiscard]] std::vector<std::string> finish_arguments(WaitStatus status);

/// What a byte written to supervise/control asks for.
struct ServiceCommand {
  enum class Kind { up, once, down, signal };
  Kind kind = Kind::signal;
  int signal = 0;

  friend bool operator==(const ServiceCommand&, const ServiceCommand&) = default;
};

/// nullopt: runit does not know the byte either.
[[nodiscard]] std::optional<ServiceCommand> command_of(char byte);

/// A service as sv sees it.
struct ServiceView {
  enum class Doing { nothing, running, finishing };
  Doing doing = Doing::nothing;
  pid_t pid = 0;
  WallTime since;
  bool want_up = false;
  bool paused = false;
  bool got_term = false;

  friend bool operator==(const ServiceView&, const ServiceView&) = default;
};

/// The 20 bytes of supervise/status.
[[nodiscard]] std::string status_bytes(const ServiceView& view);
/// supervise/stat: "run, paused, want down\n".
[[nodiscard]] std::string stat_text(const ServiceView& view);
/// supervise/pid: empty while nothing runs.
[[nodiscard]] std::string pid_text(const ServiceView& view);

}  // namespace sv::init
