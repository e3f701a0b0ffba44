#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "config/loader.h"
#include "config/model.h"

/// What happens once, before the first life of the daemon begins (supervisor-config, section 9).
namespace sv::shell {

/// What the loader reads from, filled from this process.
[[nodiscard]] config::LoadContext make_load_context(const config::DaemonOverrides& overrides);

/// Lines for the log, which is opened later (as the user the daemon becomes).
struct StartupNote {
  Level level = Level::info;
  std::string text;
};

/// Does what only root can - raising limits - and becomes the configured user for good. Reads the
/// main file's [supervisord] only; what that user owns is read afterwards. A file that is none but
/// a pipe is left for load(). The error is a usage error (exit 2).
[[nodiscard]] Result<std::vector<StartupNote>> settle_identity(const std::string& file,
                                                               const config::LoadContext& context);

/// The same for what only the whole configuration tells: limits and a user set in an included file.
/// Adds to the notes of settle_identity().
[[nodiscard]] Result<void> settle_the_rest(const config::DaemonConfig& config,
                                           std::vector<StartupNote>& notes);

/// Makes orphans our children also where we are not process 1; to be called in the process that
/// will have them. Whether they are; who insists (--subreaper) gets an error instead of false.
[[nodiscard]] Result<bool> adopt_orphans(bool insist);

/// What holds where no configuration file exists: nothing is supervised, the log is standard error,
/// the server a socket in /run for root alone (if there can be one).
[[nodiscard]] config::Config config_without_file();

/// Adds the services of /etc/service to what is supervised. A configured group of their name stays,
/// and they are left out, with a warning.
void add_services(config::Config& config, std::chrono::seconds stop_wait);

/// Notes that depend on the whole configuration, in the reference's order: criticals, warnings,
/// then infos.
[[nodiscard]] std::vector<StartupNote> collect_notes(const config::Config& config,
                                                     std::vector<StartupNote> earlier);

}  // namespace sv::shell
