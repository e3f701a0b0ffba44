#include "shell/my_init.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "init/options.h"
#include "shell/environment_files.h"
#include "shell/init_runner.h"
#include "shell/startup.h"

namespace sv::shell {
namespace {

int print_to(std::FILE* stream, std::string_view text, int status) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
  return status;
}

int refuse(const std::string& program, const init::UsageError& error) {
  return print_to(stderr,
                  cat({"my_init: error: ", error.message, "\nFor help, use ", program, " -h\n"}),
                  error.status);
}

std::optional<std::string> variable(std::string_view name) {
  const char* value = ::getenv(std::string(name).c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

}  // namespace

int run_my_init(const std::string& program, std::span<const std::string> arguments,
                const DaemonMain& daemon) {
  const auto options = init::parse_options(arguments);
  if (!options) {
    return refuse(program, options.error());
  }
  if (options->help) {
    return print_to(stdout, init::usage_text(program), 0);
  }
  const auto tuning = init::read_tuning(variable);
  if (!tuning) {
    return refuse(program, tuning.error());
  }
  const Result<bool> adopts = adopt_orphans(options->subreaper);
  if (!adopts) {
    return refuse(program, {adopts.error().message});
  }
  auto loop = uv::Loop::create();
  if (!loop) {
    return print_to(stderr, cat({"*** ", loop.error().message, "\n"}), 1);
  }
  const SystemClock clock;
  EnvironmentFiles store({}, [](std::string_view text) {
    print_to(stderr, cat({"*** ", text, "\n"}), 0);
  });
  const auto deadline =
      ::getpid() == 1 ? std::optional(Daemon::kDefaultShutdownDeadline) : std::nullopt;
  InitRunner runner({**loop, clock, store}, {*options, *tuning, *adopts, deadline});
  if (const Result<void> watching = runner.watch(); !watching) {
    return print_to(stderr, cat({"*** ", watching.error().message, "\n"}), 1);
  }
  const int status =
      runner.boot()
          ? runner.finish(daemon(**loop, runner, {options->quiet, tuning->kill_process.time}))
          : runner.exit_status();
  return options->exit_map.apply(status);
}

}  // namespace sv::shell
