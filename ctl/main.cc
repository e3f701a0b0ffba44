#include <sys/auxv.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "config/default_socket.h"
#include "config/loader.h"
#include "ctl/commands.h"
#include "ctl/console.h"
#include "ctl/default_server.h"
#include "ctl/options.h"
#include "ctl/session.h"
#include "ctl/shell.h"

/// modctl, and supervisorctl as its other name.
namespace {

using sv::ctl::Console;
namespace exit_status = sv::ctl::exit_status;

// How the program was called. A bare name was found on the PATH; the kernel knows where, and the
// search for a configuration starts there, as it does for the reference's script.
std::string program_name(const char* argv0) {
  std::string name = argv0 != nullptr ? argv0 : "modctl";
  if (name.find('/') == std::string::npos) {
    const auto* path = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT
    if (path != nullptr && *path != '\0') {
      name = path;
    }
  }
  return name;
}

sv::ctl::Dialect dialect_of(std::string_view argv0) {
  return argv0.substr(argv0.rfind('/') + 1) == "supervisorctl" ? sv::ctl::Dialect::supervisorctl
                                                               : sv::ctl::Dialect::modctl;
}

sv::config::LoadContext load_context() {
  sv::config::LoadContext context;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      context.environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  if (char* directory = ::get_current_dir_name()) {
    context.current_directory = directory;
    std::free(directory);
  }
  context.effective_uid = ::geteuid();
  return context;
}

int usage(Console& console, std::string_view message, const std::string& program) {
  console.err.write(sv::ctl::usage_error(message, program));
  return exit_status::kInvalidArguments;
}

int run_session(sv::ctl::Settings settings, const std::vector<std::string>& action,
                Console& console) {
  sv::ctl::Session session(std::move(settings), console);
  if (action.empty()) {
    sv::ctl::run_shell(session);
    return exit_status::kOk;
  }
  sv::ctl::run_line(session, sv::join(action, " "));
  return session.exit_status();
}

int run(int argc, char** argv, Console& console) {
  const std::string program = program_name(argc > 0 ? argv[0] : nullptr);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const auto options = sv::ctl::parse_options(arguments);
  if (!options) {
    return usage(console, options.error(), program);
  }
  if (options->help) {
    console.out.write(sv::ctl::usage_text(program));
    return exit_status::kOk;
  }
  const auto config_file =
      options->config_file ? options->config_file : sv::config::find_config_file(program, nullptr);
  sv::config::CtlConfig config;
  if (config_file) {
    auto loaded = sv::config::load_ctl(*config_file, load_context());
    if (!loaded) {
      std::vector<std::string> messages;
      for (const auto& error : loaded.error()) {
        messages.push_back(error.message);
      }
      return usage(console, sv::join(messages, "\n"), program);
    }
    config = std::move(*loaded);
  } else {
    config.server_url = sv::ctl::default_server_url(std::string(sv::config::kDefaultSocket));
  }
  sv::ctl::Settings settings = sv::ctl::resolve(*options, config);
  settings.config_file = options->server_url ? std::nullopt : config_file;
  settings.dialect = dialect_of(argc > 0 ? argv[0] : "");
  if (settings.dialect == sv::ctl::Dialect::modctl) {
    settings.palette = sv::ctl::Palette(sv::ctl::colour_use(
        ::isatty(STDOUT_FILENO) != 0, std::getenv("TERM"), std::getenv("NO_COLOR")));
  }
  return run_session(std::move(settings), options->action, console);
}

}  // namespace

int main(int argc, char** argv) {
  Console console;
  try {
    int status = run(argc, argv, console);
    console.out.flush();
    if (console.out.error() != 0) {
      console.err.line(sv::cat({"cannot write to stdout: ", sv::errno_text(console.out.error())}));
      status = status != 0 ? status : exit_status::kGeneric;
    }
    return status;
  } catch (const std::exception& error) {
    console.err.line(sv::cat({"error: ", error.what()}));
    return exit_status::kGeneric;
  }
}
