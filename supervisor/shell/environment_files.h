#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "init/environment_store.h"

namespace sv::shell {

/// The environment store on disk: /etc/container_environment and its two dumps. What the files mean
/// is init/environment_store's.
///
/// Without the directory all of it does nothing. What cannot be read or written - a file that is no
/// variable, a read-only /etc - is reported and passed over; the environment then lives in memory.
class EnvironmentFiles {
 public:
  struct Paths {
    std::string directory = "/etc/container_environment";
    std::string shell = "/etc/container_environment.sh";
    std::string json = "/etc/container_environment.json";
    std::string group = "docker_env";  ///< of dumps that are made anew
  };
  using Report = std::function<void(std::string_view text)>;

  EnvironmentFiles(Paths paths, Report report);

  /// At boot: fills in from the store, writes back what came with the container, and the dumps.
  [[nodiscard]] init::Variables boot(init::Variables environment);

  /// After a start-up script: what the store says now, and the dumps of it.
  [[nodiscard]] init::Variables after_script(init::Variables environment, bool forget_identity);

 private:
  [[nodiscard]] std::optional<init::Variables> read();
  void write_files(const init::Variables& environment, const init::Variables& stored);
  void write_dumps(const init::Variables& environment);

  Paths paths_;
  Report report_;
  std::set<std::string> held_;  ///< names the store has, or has had
};

/// This process's environment as values, and the other way round.
[[nodiscard]] init::Variables process_environment();
void set_process_environment(const init::Variables& variables);

}  // namespace sv::shell
