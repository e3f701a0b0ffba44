#include "ctl/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/option_scanner.h"
#include "base/text.h"
#include "wire/server_url.h"

namespace sv::ctl {
namespace {

using Value = std::optional<std::string>;

struct OptionRow {
  OptionSpec spec;
  Value Options::*value;  ///< null: a switch
  bool Options::*flag;    ///< null: takes a value
  std::string_view help;
};

constexpr std::array<OptionRow, 8> kOptions{{
    {{'c', "configuration", true},
     &Options::config_file,
     nullptr,
     "FILE   read [supervisorctl] from FILE instead of searching for a file"},
    {{'h', "help", false}, nullptr, &Options::help, "       print this text and exit"},
    {{'?', "", false}, nullptr, &Options::help, "       the same"},
    {{'i', "interactive", false},
     nullptr,
     &Options::interactive,
     "       ask before shutdown and reload, and for missing credentials"},
    {{'s', "serverurl", true},
     &Options::server_url,
     nullptr,
     "URL    where the daemon listens: unix:///path or http://host:port\n"
     "                               (without a configuration unix:///run/supervisor.sock if that\n"
     "                               is there, http://localhost:9001 otherwise)"},
    {{'u', "username", true},
     &Options::username,
     nullptr,
     "NAME   user name for the daemon's HTTP server"},
    {{'p', "password", true},
     &Options::password,
     nullptr,
     "TEXT   password for the daemon's HTTP server"},
    {{'r', "history_file", true},
     &Options::history_file,
     nullptr,
     "FILE   keep the shell's history in FILE"},
}};

// Sets what one option says; returns what is wrong with it, or nothing.
std::string apply(const FoundOption& found, Options& options) {
  const OptionRow& row = kOptions[found.index];
  if (row.flag == &Options::help) {
    options.help = true;
    return {};
  }
  if (row.value == &Options::server_url) {
    // Whether the scheme is one we speak is found out on first use, as in the reference.
    if (const auto url = wire::check_url(found.value); !url) {
      return cat({"invalid value for ", found.spelling, " ", python_repr(found.value), ": ",
                  url.error().message});
    }
  }
  const bool repeated =
      row.flag != nullptr ? options.*(row.flag) : (options.*(row.value)).has_value();
  if (repeated) {
    return cat({"conflicting command line option ", python_repr(found.spelling)});
  }
  if (row.flag != nullptr) {
    options.*(row.flag) = true;
  } else {
    options.*(row.value) = found.value;
  }
  return {};
}

}  // namespace

tl::expected<Options, std::string> parse_options(std::span<const std::string> arguments) {
  std::array<OptionSpec, kOptions.size()> specs;
  std::ranges::transform(kOptions, specs.begin(), &OptionRow::spec);
  auto scanned = scan_options(arguments, specs);
  if (!scanned) {
    return tl::unexpected(std::move(scanned.error()));
  }
  Options options;
  options.action = std::move(scanned->rest);
  for (const FoundOption& found : scanned->options) {
    std::string problem = apply(found, options);
    if (!problem.empty()) {
      return tl::unexpected(std::move(problem));
    }
    if (options.help) {
      break;
    }
  }
  return options;
}

std::string usage_error(std::string_view message, std::string_view program) {
  return cat({"Error: ", message, "\nFor help, use ", program, " -h\n"});
}

std::string usage_text(std::string_view program) {
  std::string text =
      cat({"Usage: ", program,
           " [options] [action [argument ...]]\n\n"
           "Asks a running process supervisor about its programs and tells it what to do with\n"
           "them. Without an action, a shell reads actions line by line; \"help\" lists them.\n\n"
           "Options:\n"});
  for (const OptionRow& row : kOptions) {
    text += cat({"  -", std::string_view(&row.spec.short_name, 1)});
    const std::string name = row.spec.long_name.empty() ? "" : cat({", --", row.spec.long_name});
    text += name;
    text.append(20 - name.size(), ' ');
    text += cat({row.help, "\n"});
  }
  text +=
      "\nOptions stand before the action. Long names may be cut short where that is unique.\n"
      "Exit codes: 0 done; 1 failed; 2 wrong use; 3 status: something is not running;\n"
      "4 refused connection, or status: unknown; 5 wrong API version; 7 not running.\n";
  return text;
}

Settings resolve(const Options& options, const config::CtlConfig& file) {
  const auto non_empty = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
  };
  Settings settings;
  settings.server_url = options.server_url.value_or(file.server_url);
  settings.username = options.username ? options.username : non_empty(file.username);
  settings.password = options.password ? options.password : non_empty(file.password);
  settings.prompt = file.prompt;
  settings.history_file = options.history_file ? options.history_file : file.history_file;
  settings.interactive = options.interactive || options.action.empty();
  return settings;
}

}  // namespace sv::ctl
