#include "init/options.h"

#include <array>
#include <utility>

#include "base/option_scanner.h"
#include "base/parse.h"
#include "base/text.h"

namespace sv::init {
namespace {

struct Entry {
  OptionSpec spec;
  std::string_view help;
  Result<void> (*apply)(Options&, const std::string& value);
};

constexpr std::array kEntries{
    Entry{{'h', "help", false},
          "print this text and exit",
          [](Options& options, const std::string&) -> Result<void> {
            options.help = true;
            return {};
          }},
    Entry{{'\0', "enable-insecure-key", false},
          "run /usr/sbin/enable_insecure_key first",
          [](Options& options, const std::string&) -> Result<void> {
            options.enable_insecure_key = true;
            return {};
          }},
    Entry{{'\0', "skip-startup-files", false},
          "run neither /etc/my_init.d/* nor /etc/rc.local",
          [](Options& options, const std::string&) -> Result<void> {
            options.skip_startup_files = true;
            return {};
          }},
    Entry{{'\0', "skip-runit", false},
          "start no services and no programs",
          [](Options& options, const std::string&) -> Result<void> {
            options.skip_services = true;
            return {};
          }},
    Entry{{'\0', "no-kill-all-on-exit", false},
          "leave alone what is still there at the end",
          [](Options& options, const std::string&) -> Result<void> {
            options.kill_all_on_exit = false;
            return {};
          }},
    Entry{{'\0', "quiet", false},
          "print warnings and errors only",
          [](Options& options, const std::string&) -> Result<void> {
            options.quiet = true;
            return {};
          }},
    Entry{{'\0', "subreaper", false},
          "end with an error if orphans cannot be adopted",
          [](Options& options, const std::string&) -> Result<void> {
            options.subreaper = true;
            return {};
          }},
    Entry{{'\0', "exit-map", true},
          "A=B,...: end with status B where it would be A",
          [](Options& options, const std::string& value) -> Result<void> {
            Result<ExitMap> map = ExitMap::parse(value);
            if (!map) {
              return tl::unexpected(std::move(map.error()));
            }
            options.exit_map = *std::move(map);
            return {};
          }},
    Entry{{'\0', "rewrite", true},
          "A:B: send COMMAND the signal B instead of A, 0 for none",
          [](Options& options, const std::string& value) { return options.rewrite.add(value); }},
};

/// A limit beyond every sensible one, and small enough to be added to any clock.
constexpr std::int64_t kLongestTimeout = std::int64_t{100} * 365 * 24 * 3600;

tl::expected<void, UsageError> read_limit(const VariableLookup& variable, Limit& limit) {
  const std::optional<std::string> text = variable(limit.variable);
  if (!text) {
    return {};
  }
  const Result<std::int64_t> value = parse_integer(*text);
  if (!value || *value < 0 || *value > kLongestTimeout) {
    return tl::unexpected(UsageError{
        cat({limit.variable, ": a number of seconds is expected, not ", python_repr(*text)})});
  }
  limit.time = std::chrono::seconds(*value);
  limit.asked_for = true;
  return {};
}

}  // namespace

tl::expected<Options, UsageError> parse_options(std::span<const std::string> arguments) {
  std::vector<OptionSpec> specs;
  for (const Entry& entry : kEntries) {
    specs.push_back(entry.spec);
  }
  tl::expected<ScannedOptions, std::string> scanned = scan_options(arguments, specs);
  if (!scanned) {
    return tl::unexpected(UsageError{std::move(scanned.error())});
  }
  Options options;
  for (const FoundOption& found : scanned->options) {
    if (const Result<void> applied = kEntries.at(found.index).apply(options, found.value);
        !applied) {
      return tl::unexpected(UsageError{cat({found.spelling, ": ", applied.error().message})});
    }
  }
  options.main_command = std::move(scanned->rest);
  if (!options.help && options.skip_services && options.main_command.empty()) {
    return tl::unexpected(
        UsageError{"When --skip-runit is given, you must also pass a main command.", 1});
  }
  return options;
}

std::string usage_text(std::string_view argv0) {
  std::string text = cat({"Usage: ", argv0,
                          " [options] [--] [COMMAND [ARGUMENT...]]\n\nRuns the start-up scripts, "
                          "supervises programs and services,\nruns COMMAND beside them and ends "
                          "with its status.\n\nOptions:\n"});
  for (const Entry& entry : kEntries) {
    std::string left = entry.spec.short_name != '\0' ? "  -h, --" : "      --";
    left += entry.spec.long_name;
    left.resize(30, ' ');
    text += cat({left, entry.help, "\n"});
  }
  return text;
}

tl::expected<Tuning, UsageError> read_tuning(const VariableLookup& variable) {
  Tuning tuning;
  for (Limit* limit : {&tuning.kill_process, &tuning.kill_all}) {
    if (auto read = read_limit(variable, *limit); !read) {
      return tl::unexpected(std::move(read.error()));
    }
  }
  if (std::optional<std::string> directory = variable("ENV_INIT_DIRECTORY");
      directory && !directory->empty()) {
    tuning.startup_directory = std::move(*directory);
  }
  if (const std::optional<std::string> forget = variable("MY_INIT_FORGET_IDENTITY")) {
    const Result<bool> value = parse_boolean(*forget);
    if (!value) {
      return tl::unexpected(UsageError{
          cat({"MY_INIT_FORGET_IDENTITY: true or false is expected, not ", python_repr(*forget)})});
    }
    tuning.forget_identity = *value;
  }
  return tuning;
}

}  // namespace sv::init
