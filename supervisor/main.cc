// modinit: wires the parts together. Everything else lives in the layers.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "base/version.h"
#include "config/loader.h"
#include "os/daemonize.h"
#include "os/process_env.h"
#include "shell/daemon.h"
#include "shell/doctor.h"
#include "shell/lives.h"
#include "shell/my_init.h"
#include "shell/navi_takeover.h"
#include "shell/options.h"
#include "shell/setuser.h"
#include "shell/startup.h"

namespace {

using sv::shell::Options;
using sv::shell::Personality;

/// Exit status of every mistake that was found before anything was started (supervisor-config,
/// 8.5).
constexpr int kUsageError = 2;

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

int usage_error(std::string_view program, std::string_view message) {
  print(stderr, sv::cat({"Error: ", message, "\nFor help, use ", program, " -h\n"}));
  return kUsageError;
}

int config_errors(std::string_view program, const sv::config::ConfigErrors& errors) {
  if (errors.size() < 2) {
    return usage_error(program, errors.empty() ? "unknown error" : errors.front().message);
  }
  std::string text = errors.front().message;
  for (const sv::config::ConfigError& error : errors) {
    text += sv::cat({"\n  ", sv::config::format(error)});
  }
  return usage_error(program, text);
}

int report_check(const sv::config::Config& config) {
  std::size_t processes = 0;
  for (const sv::config::GroupConfig& group : config.groups) {
    processes += group.processes.size();
  }
  for (const std::string& warning : config.warnings) {
    print(stderr, sv::cat({"warning: ", warning, "\n"}));
  }
  print(stdout, sv::cat({config.file, ": valid; ", std::to_string(config.groups.size()),
                         " groups, ", std::to_string(processes), " processes, ",
                         std::to_string(config.servers.size()), " servers\n"}));
  return 0;
}

/// The daemon as process 1's companion has it: the configuration is searched for, and may be
/// missing.
int run_beside(const std::string& program, sv::shell::uv::Loop& loop,
               sv::shell::Companion& companion, const sv::shell::DaemonWishes& wishes) {
  sv::config::DaemonOverrides overrides;
  overrides.nodaemon = true;
  overrides.silent = wishes.quiet;
  const std::optional<std::string> file = sv::config::find_config_file(program, nullptr);
  std::vector<sv::shell::StartupNote> notes;
  if (file) {
    auto settled = sv::shell::settle_identity(*file, sv::shell::make_load_context(overrides));
    if (!settled) {
      return usage_error(program, settled.error().message);
    }
    notes = std::move(*settled);
  }
  const auto load = [file, overrides, wishes]() -> sv::shell::Daemon::ConfigResult {
    sv::shell::Daemon::ConfigResult config =
        file ? sv::config::load(*file, sv::shell::make_load_context(overrides))
             : sv::shell::config_without_file();
    if (config) {
      sv::shell::add_services(*config, wishes.service_stop_wait);
      sv::shell::take_over_navi(*config);
    }
    return config;
  };
  auto config = load();
  if (!config) {
    return config_errors(program, config.error());
  }
  if (file) {
    if (auto settled = sv::shell::settle_the_rest(config->daemon, notes); !settled) {
      return usage_error(program, settled.error().message);
    }
  }
  std::optional<sv::os::Background> foreground;
  sv::shell::Lives lives(program, Personality::my_init, load);
  lives.share(loop, companion);
  const auto outcome = lives.run(std::move(*config), notes, foreground);
  return outcome ? *outcome : usage_error(program, outcome.error().message);
}

int run(const std::string& program, Personality personality, const Options& options) {
  std::vector<std::string> searched;
  const std::optional<std::string> file =
      options.config_file ? options.config_file : sv::config::find_config_file(program, &searched);
  if (!file) {
    return usage_error(program,
                       sv::cat({"No config file found at default paths (", sv::join(searched, ", "),
                                "); use the -c option to specify a config file at a different "
                                "path"}));
  }
  auto notes = sv::shell::settle_identity(*file, sv::shell::make_load_context(options.overrides));
  if (!notes) {
    return usage_error(program, notes.error().message);
  }
  const auto load = [file, overrides = options.overrides] {
    auto loaded = sv::config::load(*file, sv::shell::make_load_context(overrides));
    if (loaded) {
      sv::shell::take_over_navi(*loaded);
    }
    return loaded;
  };
  auto config = load();
  if (!config) {
    return config_errors(program, config.error());
  }
  if (options.check) {
    return report_check(*config);
  }
  if (auto settled = sv::shell::settle_the_rest(config->daemon, *notes); !settled) {
    return usage_error(program, settled.error().message);
  }
  std::optional<sv::os::Background> background;
  if (!config->daemon.nodaemon && ::getpid() != 1) {
    auto split = sv::os::Background::split();
    if (!split) {
      return usage_error(program, split.error().message);
    }
    background.emplace(std::move(*split));
  }
  if (auto adopted = sv::shell::adopt_orphans(options.subreaper); !adopted) {
    return usage_error(program, adopted.error().message);
  }
  sv::shell::Lives lives(program, personality, load);
  const auto outcome = lives.run(std::move(*config), *notes, background);
  return outcome ? options.exit_map.apply(*outcome) : usage_error(program, outcome.error().message);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    sv::os::reserve_standard_descriptors();
    const std::string program = argc > 0 ? argv[0] : "modinit";
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    const Personality personality = sv::shell::personality_of(program);
    if (personality == Personality::setuser) {
      return sv::shell::run_setuser(program, arguments);  // signals stay as they are, too
    }
    sv::os::settle_signals();
    if (personality == Personality::my_init) {
      return sv::shell::run_my_init(
          program, arguments,
          [&program](sv::shell::uv::Loop& loop, sv::shell::Companion& companion,
                     const sv::shell::DaemonWishes& wishes) {
            return run_beside(program, loop, companion, wishes);
          });
    }
    if (personality == Personality::modinit && !arguments.empty() && arguments[0] == "doctor") {
      return sv::shell::run_doctor(program, std::span(arguments).subspan(1));
    }
    const auto options = sv::shell::parse_options(arguments, personality);
    if (!options) {
      return usage_error(program, options.error());
    }
    if (options->help) {
      print(stdout, sv::shell::usage_text(program, personality));
      return 0;
    }
    if (options->version) {
      print(stdout, personality == Personality::supervisord
                        ? sv::cat({sv::kCompatibleVersion, "\n"})
                        : sv::cat({"modinit ", sv::kVersion, "\n"}));
      return 0;
    }
    return run(program, personality, *options);
  } catch (const std::exception& error) {
    print(stderr, sv::cat({"cannot go on: ", error.what(), "\n"}));
    return 1;
  }
}
