#include "config/value_types.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <limits>

#include "base/parse.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/unicode.h"
#include "config/paths.h"

namespace sv::config {
namespace {

/// supervisor-config, 3.8. The core has types for these; configuration needs only the names.
constexpr std::array<std::string_view, 29> kEventNames = {
    "EVENT",
    "PROCESS_COMMUNICATION",
    "PROCESS_COMMUNICATION_STDERR",
    "PROCESS_COMMUNICATION_STDOUT",
    "PROCESS_CRASH",
    "PROCESS_GROUP",
    "PROCESS_GROUP_ADDED",
    "PROCESS_GROUP_REMOVED",
    "PROCESS_LOG",
    "PROCESS_LOG_STDERR",
    "PROCESS_LOG_STDOUT",
    "PROCESS_OOM",
    "PROCESS_STATE",
    "PROCESS_STATE_BACKOFF",
    "PROCESS_STATE_EXITED",
    "PROCESS_STATE_FATAL",
    "PROCESS_STATE_RUNNING",
    "PROCESS_STATE_STARTING",
    "PROCESS_STATE_STOPPED",
    "PROCESS_STATE_STOPPING",
    "PROCESS_STATE_UNKNOWN",
    "REMOTE_COMMUNICATION",
    "SUPERVISOR_STATE_CHANGE",
    "SUPERVISOR_STATE_CHANGE_RUNNING",
    "SUPERVISOR_STATE_CHANGE_STOPPING",
    "TICK",
    "TICK_3600",
    "TICK_5",
    "TICK_60",
};

/// A billion seconds: far beyond any sensible wait, far below what a time point can hold.
constexpr std::int64_t kMostSeconds = 1'000'000'000;

Result<std::int64_t> parse_clamped(std::string_view text, std::int64_t low, std::int64_t high) {
  return parse_integer(text).map([low, high](std::int64_t v) { return std::clamp(v, low, high); });
}

std::optional<std::string> home_of(const std::string& name, const LoadContext& context) {
  if (name.empty()) {
    const auto home = context.environment.find("HOME");
    if (home != context.environment.end()) {
      return home->second;
    }
  }
  if (!context.find_home) {
    return std::nullopt;
  }
  return context.find_home(name.empty() ? std::to_string(context.effective_uid) : name);
}

/// The value of a word; the error names the words there are.
template <class Value, std::size_t kCount>
Result<Value> one_of(std::string_view text,
                     const std::array<std::pair<std::string_view, Value>, kCount>& words) {
  const std::string lowered = unicode_lower(text);
  std::vector<std::string> known;
  for (const auto& [word, value] : words) {
    if (word == lowered) {
      return value;
    }
    known.emplace_back(word);
  }
  return fail(ErrorCode::invalid_argument,
              cat({python_repr(text), " is not one of ", join(known, ", ")}));
}

}  // namespace

std::span<const std::string_view> event_names() {
  return kEventNames;
}

Result<std::string> parse_name(std::string_view text) {
  constexpr std::string_view kForbidden = " :/";
  const std::string_view trimmed = trim_unicode(text);
  for (const char c : kForbidden) {
    if (trimmed.find(c) != std::string_view::npos) {
      return fail(ErrorCode::invalid_argument,
                  cat({"Invalid name: ", python_repr(text), " because of character: '",
                       std::string_view(&c, 1), "'"}));
    }
  }
  return std::string(trimmed);
}

Result<AutoRestart> parse_autorestart(std::string_view text) {
  const std::string lowered = unicode_lower(text);
  if (lowered == "unexpected") {
    return AutoRestart::unexpected;
  }
  const Result<bool> flag = parse_boolean(lowered);
  if (!flag) {
    return fail(ErrorCode::invalid_argument, "invalid 'autorestart' value " + python_repr(lowered));
  }
  return *flag ? AutoRestart::always : AutoRestart::never;
}

Result<std::optional<bool>> parse_redirection(std::string_view text) {
  if (ascii_lower(text) == "auto") {
    return std::optional<bool>();
  }
  return parse_boolean(text).map([](bool flag) { return std::optional(flag); });
}

Result<OnExit> parse_on_exit(std::string_view text) {
  return one_of<OnExit, 3>(
      text,
      {{{"restart", OnExit::restart}, {"ignore", OnExit::ignore}, {"shutdown", OnExit::shutdown}}});
}

/// Those that mean nothing to the daemon, or nothing it could not do without. TERM, INT and QUIT
/// end it, CHLD is how it learns of ends, and the rest tell of its own faults.
constexpr std::array kForwardable{SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGPWR,    SIGURG,
                                  SIGIO,  SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU,  SIGVTALRM, SIGPROF};

Result<SignalSet> parse_forward_signals(std::string_view text) {
  SignalSet signals;
  for (const std::string_view word : split(text, ',')) {
    if (trim(word).empty()) {
      continue;
    }
    const std::optional<int> number = parse_signal(word);
    if (!number || *number == 0) {
      return fail(ErrorCode::invalid_argument,
                  cat({"value ", python_repr(trim(word)), " is not a valid signal name"}));
    }
    if (*number < SIGRTMIN && std::ranges::find(kForwardable, *number) == kForwardable.end()) {
      return fail(ErrorCode::invalid_argument,
                  cat({signal_name(*number),
                       " cannot be passed on; HUP, USR1, USR2, ALRM, WINCH, PWR, URG, IO, CONT, "
                       "TSTP, TTIN, TTOU, VTALRM, PROF, RTMIN and RTMAX can"}));
    }
    signals.add(*number);
  }
  return signals;
}

Result<OnFatal> parse_on_fatal(std::string_view text) {
  return one_of<OnFatal, 2>(text, {{{"ignore", OnFatal::ignore}, {"shutdown", OnFatal::shutdown}}});
}

Result<ExitOn> parse_exit_on(std::string_view text) {
  return one_of<ExitOn, 3>(text, {{{"none", ExitOn::none},
                                   {"any_fatal", ExitOn::any_fatal},
                                   {"all_exited", ExitOn::all_exited}}});
}

Result<Level> parse_log_level(std::string_view text) {
  if (const std::optional<Level> level = level_from_name(text)) {
    return *level;
  }
  return fail(ErrorCode::invalid_argument, "bad logging level name " + python_repr(text));
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> items;
  if (text.empty()) {
    return items;
  }
  for (const std::string_view item : split(text, ',')) {
    items.emplace_back(trim_unicode(item));
  }
  return items;
}

Result<std::vector<std::string>> parse_event_names(std::string_view text) {
  std::vector<std::string> names = parse_list(text);
  for (std::string& name : names) {
    name = ascii_upper(name);
    if (std::ranges::find(kEventNames, name) == kEventNames.end()) {
      return fail(ErrorCode::invalid_argument, name);
    }
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<int> parse_int(std::string_view text) {
  return parse_clamped(text, std::numeric_limits<int>::min(), std::numeric_limits<int>::max())
      .map([](std::int64_t v) { return static_cast<int>(v); });
}

Result<std::chrono::seconds> parse_seconds(std::string_view text) {
  return parse_clamped(text, -kMostSeconds, kMostSeconds).map([](std::int64_t v) {
    return std::chrono::seconds(v);
  });
}

Result<std::uint64_t> parse_size(std::string_view text) {
  return parse_byte_size(text).map(
      [](std::int64_t v) { return static_cast<std::uint64_t>(std::max<std::int64_t>(v, 0)); });
}

Result<std::uint64_t> parse_count(std::string_view text) {
  return parse_clamped(text, 0, std::numeric_limits<std::int64_t>::max()).map([](std::int64_t v) {
    return static_cast<std::uint64_t>(v);
  });
}

std::string expand_user(std::string_view path, const LoadContext& context) {
  if (!path.starts_with('~')) {
    return std::string(path);
  }
  const std::size_t slash = std::min(path.find('/'), path.size());
  std::optional<std::string> home = home_of(std::string(path.substr(1, slash - 1)), context);
  if (!home) {
    return std::string(path);
  }
  while (home->ends_with('/')) {
    home->pop_back();
  }
  const std::string expanded = cat({*home, path.substr(slash)});
  return expanded.empty() ? "/" : expanded;
}

Result<std::string> parse_existing_directory(std::string_view text, const LoadContext& context) {
  std::string path = expand_user(text, context);
  if (path.empty() || !is_directory(join_path(context.current_directory, path))) {
    return fail(ErrorCode::not_found, cat({text, " is not an existing directory"}));
  }
  return path;
}

Result<std::string> parse_file_path(std::string_view text, const LoadContext& context) {
  std::string path = expand_user(text, context);
  const std::string directory = directory_part(path);
  if (!directory.empty() && !is_directory(join_path(context.current_directory, directory))) {
    return fail(ErrorCode::not_found,
                cat({"The directory named as part of the path ", text, " does not exist"}));
  }
  return path;
}

Result<UserIds> find_user_ids(std::string_view text, const LoadContext& context) {
  const Result<std::int64_t> number = parse_integer(text);
  const std::string wanted = number ? std::to_string(*number) : std::string(text);
  if (context.find_user) {
    if (const std::optional<UserIds> ids = context.find_user(wanted)) {
      return *ids;
    }
  }
  return fail(ErrorCode::not_found,
              cat({number ? "Invalid user id " : "Invalid user name ", text}));
}

Result<UserRef> parse_user(std::string_view text, const LoadContext& context) {
  return find_user_ids(text, context).map([text](const UserIds& ids) {
    return UserRef{std::string(text), ids.uid};
  });
}

Result<Ownership> parse_ownership(std::string_view text, const LoadContext& context) {
  const std::size_t colon = text.find(':');
  const Result<UserIds> user = find_user_ids(text.substr(0, colon), context);
  if (!user) {
    return tl::unexpected<Error>(user.error());
  }
  Ownership owner;
  owner.uid = user->uid;
  if (colon == std::string_view::npos) {
    return owner;
  }
  const std::string_view group = text.substr(colon + 1);
  const Result<std::int64_t> number = parse_integer(group);
  const std::string wanted = number ? std::to_string(*number) : std::string(group);
  const std::optional<gid_t> gid = context.find_group ? context.find_group(wanted) : std::nullopt;
  if (!gid) {
    return fail(ErrorCode::not_found,
                cat({number ? "Invalid group id " : "Invalid group name ", group}));
  }
  owner.gid = *gid;
  return owner;
}

}  // namespace sv::config
