#include "shell/options.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/option_scanner.h"
#include "base/parse.h"
#include "base/text.h"

namespace sv::shell {
namespace {

using config::DaemonOverrides;

/// Stores one option's value; the error is the type's own message.
using Apply = Result<void> (*)(Options&, const std::string& value);

Result<void> existing_directory(std::optional<std::string>& out, const std::string& value) {
  struct stat status {};
  if (::stat(value.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return fail(ErrorCode::invalid_argument, cat({value, " is not an existing directory"}));
  }
  out = value;
  return {};
}

/// The file may be new, its directory may not.
Result<void> existing_dirpath(std::optional<std::string>& out, const std::string& value) {
  const std::size_t slash = value.rfind('/');
  struct stat status {};
  if (slash != std::string::npos && slash != 0 &&
      (::stat(value.substr(0, slash).c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    return fail(ErrorCode::invalid_argument,
                cat({"The directory named as part of the path ", value, " does not exist"}));
  }
  out = value;
  return {};
}

/// Nothing at all leaves what the configuration says.
Result<void> file_or_nothing(std::optional<std::string>& out, const std::string& value) {
  return value.empty() ? Result<void>() : existing_dirpath(out, value);
}

template <class T>
Result<void> store(std::optional<T>& out, Result<std::int64_t> value) {
  if (!value) {
    return tl::unexpected(std::move(value.error()));
  }
  out = static_cast<T>(std::clamp<std::int64_t>(*value, std::numeric_limits<T>::min(),
                                                std::numeric_limits<T>::max()));
  return {};
}

struct Entry {
  char short_name;
  std::string_view long_name;
  std::string_view value_name;  ///< empty: a switch
  std::string_view help;
  Apply apply;
};

constexpr std::array kEntries{
    Entry{'c', "configuration", "FILE", "configuration file (searched for when not given)",
          [](Options& o, const std::string& v) -> Result<void> {
            o.config_file = v;
            return {};
          }},
    Entry{'\0', "exit-map", "A=B,...", "end with status B where it would be A",
          [](Options& o, const std::string& v) -> Result<void> {
            Result<ExitMap> map = ExitMap::parse(v);
            if (!map) {
              return tl::unexpected(std::move(map.error()));
            }
            o.exit_map = *std::move(map);
            return {};
          }},
    Entry{'\0', "subreaper", "", "end with an error if orphans cannot be adopted",
          [](Options& o, const std::string&) -> Result<void> {
            o.subreaper = true;
            return {};
          }},
    Entry{'n', "nodaemon", "", "stay in the foreground (nodaemon=true)",
          [](Options& o, const std::string&) -> Result<void> {
            o.overrides.nodaemon = true;
            return {};
          }},
    Entry{'s', "silent", "", "no copy of the log on standard output",
          [](Options& o, const std::string&) -> Result<void> {
            o.overrides.silent = true;
            return {};
          }},
    Entry{'h', "help", "", "print this text and exit",
          [](Options& o, const std::string&) -> Result<void> {
            o.help = true;
            return {};
          }},
    Entry{'?', "", "", "the same",
          [](Options& o, const std::string&) -> Result<void> {
            o.help = true;
            return {};
          }},
    Entry{'v', "version", "", "print the version and exit",
          [](Options& o, const std::string&) -> Result<void> {
            o.version = true;
            return {};
          }},
    Entry{'u', "user", "USER", "run as this user name or id",
          [](Options& o, const std::string& v) -> Result<void> {
            o.overrides.user = v;
            return {};
          }},
    Entry{'m', "umask", "OCTAL", "umask of the daemon when it goes to the background",
          [](Options& o, const std::string& v) -> Result<void> {
            const Result<mode_t> mask = parse_octal(v);
            if (!mask) {
              return tl::unexpected(mask.error());
            }
            o.overrides.umask = *mask;
            return {};
          }},
    Entry{'d', "directory", "DIR", "directory to change to when going to the background",
          [](Options& o, const std::string& v) {
            return existing_directory(o.overrides.directory, v);
          }},
    Entry{'l', "logfile", "FILE", "the daemon's own log, or syslog",
          [](Options& o, const std::string& v) { return file_or_nothing(o.overrides.logfile, v); }},
    Entry{'y', "logfile_maxbytes", "SIZE", "rotate the log at this size (50MB)",
          [](Options& o, const std::string& v) {
            return store(o.overrides.logfile_maxbytes, parse_byte_size(v));
          }},
    Entry{'z', "logfile_backups", "N", "keep this many old logs",
          [](Options& o, const std::string& v) {
            return store(o.overrides.logfile_backups, parse_integer(v));
          }},
    Entry{'e', "loglevel", "LEVEL", "critical, error, warn, info, debug, trace or blather",
          [](Options& o, const std::string& v) -> Result<void> {
            o.overrides.loglevel = level_from_name(v);
            if (!o.overrides.loglevel) {
              return fail(ErrorCode::invalid_argument,
                          cat({"bad logging level name ", python_repr(v)}));
            }
            return {};
          }},
    Entry{'j', "pidfile", "FILE", "where to write the daemon's pid",
          [](Options& o, const std::string& v) { return file_or_nothing(o.overrides.pidfile, v); }},
    Entry{'i', "identifier", "TEXT", "name of this instance for clients and listeners",
          [](Options& o, const std::string& v) -> Result<void> {
            o.overrides.identifier = v;
            return {};
          }},
    Entry{'q', "childlogdir", "DIR", "directory of automatic program logs",
          [](Options& o, const std::string& v) {
            return existing_directory(o.overrides.childlogdir, v);
          }},
    Entry{'k', "nocleanup", "", "keep automatic program logs of earlier runs",
          [](Options& o, const std::string&) -> Result<void> {
            o.overrides.nocleanup = true;
            return {};
          }},
    Entry{'a', "minfds", "N", "least number of descriptors to be able to open",
          [](Options& o, const std::string& v) {
            return store(o.overrides.minfds, parse_integer(v));
          }},
    Entry{'t', "strip_ansi", "", "remove terminal escape sequences from program logs",
          [](Options& o, const std::string&) -> Result<void> {
            o.overrides.strip_ansi = true;
            return {};
          }},
    Entry{'\0', "minprocs", "N", "least number of processes to be able to start",
          [](Options& o, const std::string& v) {
            return store(o.overrides.minprocs, parse_integer(v));
          }},
    // A profiler of the reference's implementation; accepted so that command lines stay valid.
    Entry{'\0', "profile_options", "LIST", "ignored",
          [](Options&, const std::string&) -> Result<void> { return {}; }},
    Entry{'\0', "check", "", "validate the configuration and exit",
          [](Options& o, const std::string&) -> Result<void> {
            o.check = true;
            return {};
          }},
};

constexpr std::size_t index_of(std::string_view long_name) {
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    if (kEntries[i].long_name == long_name) {
      return i;
    }
  }
  return kEntries.size();
}

/// What a short option is under this name.
char short_name(std::size_t index, Personality personality) {
  if (kEntries[index].short_name == 't' && personality == Personality::modinit) {
    return '\0';
  }
  if (index == index_of("check") && personality == Personality::modinit) {
    return 't';
  }
  return kEntries[index].short_name;
}

}  // namespace

Personality personality_of(std::string_view argv0) {
  const std::size_t slash = argv0.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? argv0 : argv0.substr(slash + 1);
  if (name == "supervisord") {
    return Personality::supervisord;
  }
  if (name == "my_init") {
    return Personality::my_init;
  }
  return name == "setuser" ? Personality::setuser : Personality::modinit;
}

tl::expected<Options, std::string> parse_options(std::span<const std::string> arguments,
                                                 Personality personality) {
  std::vector<OptionSpec> specs;
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    specs.push_back(
        {short_name(i, personality), kEntries[i].long_name, !kEntries[i].value_name.empty()});
  }
  auto scanned = scan_options(arguments, specs);
  if (!scanned) {
    return tl::unexpected(std::move(scanned.error()));
  }
  Options options;
  std::array<bool, kEntries.size()> seen{};
  for (const FoundOption& found : scanned->options) {
    if (std::exchange(seen.at(found.index), true)) {
      return tl::unexpected(cat({"conflicting command line option ", python_repr(found.spelling)}));
    }
    if (const Result<void> outcome = kEntries.at(found.index).apply(options, found.value);
        !outcome) {
      return tl::unexpected(cat({"invalid value for ", found.spelling, " ",
                                 python_repr(found.value), ": ", outcome.error().message}));
    }
    if (options.help || options.version) {
      return options;
    }
  }
  if (!scanned->rest.empty()) {
    std::vector<std::string> words;
    for (const std::string& word : scanned->rest) {
      words.push_back(python_repr(word));
    }
    return tl::unexpected(
        cat({"positional arguments are not supported: [", join(words, ", "), "]"}));
  }
  if (personality == Personality::modinit) {
    options.overrides.nodaemon = true;  // a container ends with its process 1
  }
  return options;
}

std::string usage_text(std::string_view argv0, Personality personality) {
  std::string text = cat({"Usage: ", argv0,
                          " [options]\n\nSupervises programs. Without -c the "
                          "configuration is searched for.\n\nOptions:\n"});
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    const Entry& entry = kEntries[i];
    if (entry.long_name.empty()) {
      continue;
    }
    std::string left = "  ";
    if (const char letter = short_name(i, personality); letter != '\0') {
      left += cat({"-", std::string_view(&letter, 1), ", "});
    } else {
      left += "    ";
    }
    left += cat({"--", entry.long_name});
    if (!entry.value_name.empty()) {
      left += cat({" ", entry.value_name});
    }
    left.resize(std::max<std::size_t>(left.size() + 2, 34), ' ');
    text += cat({left, entry.help, "\n"});
  }
  return text;
}

}  // namespace sv::shell
