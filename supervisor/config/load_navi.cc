#include <algorithm>

#include "base/parse.h"
#include "base/text.h"
#include "config/load_state.h"
#include "config/paths.h"
#include "config/value_types.h"

/// [navi]: the built-in notifier.
namespace sv::config {
namespace {

/// What one tail may be; all of it is in one notice.
constexpr std::int64_t kMostTail = std::int64_t{64} * 1024;

/// "0" means no limit; negative numbers mean nothing.
Result<std::int64_t> parse_limit(std::string_view text) {
  Result<std::int64_t> number = parse_integer(text);
  if (number && *number < 0) {
    return fail(ErrorCode::invalid_argument,
                cat({python_repr(text), " is not 0 (no limit) or more"}));
  }
  return number;
}

Result<std::int64_t> parse_byte_limit(std::string_view text) {
  return parse_byte_size(text).map([](std::int64_t v) { return std::max<std::int64_t>(v, 0); });
}

Result<std::int64_t> parse_tail_bytes(std::string_view text) {
  Result<std::int64_t> bytes = parse_byte_limit(text);
  if (bytes && *bytes > kMostTail) {
    return fail(ErrorCode::limit_exceeded, cat({python_repr(text), " is more than 64KB"}));
  }
  return bytes;
}

/// Who may wait a second at most, or a day.
Result<std::chrono::seconds> parse_some_seconds(std::string_view text) {
  Result<std::chrono::seconds> seconds = parse_seconds(text);
  if (seconds && (seconds->count() < 1 || seconds->count() > 86'400)) {
    return fail(ErrorCode::invalid_argument,
                cat({python_repr(text), " is not 1 to 86400 seconds"}));
  }
  return seconds;
}

/// "some 15%" or "full 5%", of windows of two seconds: others need privileges (psi.c).
Result<std::optional<PressureThreshold>> parse_pressure(std::string_view text) {
  const std::vector<std::string_view> words = split_words(text);
  if (words.empty()) {
    return std::optional<PressureThreshold>();
  }
  const bool is_full = words.front() == "full";
  if (words.size() == 2 && (is_full || words.front() == "some") && words[1].ends_with('%')) {
    const Result<std::int64_t> percent = parse_integer(words[1].substr(0, words[1].size() - 1));
    if (percent && *percent >= 1 && *percent <= 100) {
      constexpr std::chrono::microseconds kWindow = std::chrono::seconds{2};
      return std::optional(PressureThreshold{is_full, kWindow * *percent / 100, kWindow});
    }
  }
  return fail(ErrorCode::invalid_argument,
              cat({python_repr(text), " is not like 'some 15%' or 'full 5%'"}));
}

/// "some 15%": the sign at the end is meant as it stands, doubled or not; what is before it is
/// expanded like every other value.
std::optional<PressureThreshold> read_pressure(const SectionReader& reader) {
  std::string text = reader.unexpanded("pressure");
  if (text.ends_with('%') && !text.ends_with("%%")) {
    text += '%';
  }
  const auto threshold = expand(text, reader.names(), "navi.pressure").and_then(parse_pressure);
  if (!threshold) {
    reader.fail("pressure", threshold.error().message);
    return std::nullopt;
  }
  return *threshold;
}

/// Only what can be connected to: there is no TLS in here.
Result<std::string> parse_http_target(std::string_view text) {
  const std::string_view target = trim(text);
  if (target.empty() || target.starts_with("http://") || target.starts_with("unix://")) {
    return std::string(target);
  }
  return fail(ErrorCode::invalid_argument,
              cat({python_repr(target),
                   " is not http://HOST[:PORT]/PATH or unix:///SOCKET; for https "
                   "use exec= with curl"}));
}

}  // namespace

void load_navi(LoadState& state) {
  const IniSection* section = state.document.find("navi");
  if (section == nullptr) {
    return;
  }
  const SectionReader reader = reader_of(state, *section, state.names);
  NaviConfig& navi = state.config.navi;
  const auto path_of = [&state](const std::string& text) {
    return absolute_path(expand_user(text, state.context), state.context.current_directory);
  };
  if (const std::string output = reader.text("output").value_or(""); !output.empty()) {
    navi.output = path_of(output);
  }
  if (const std::string events = reader.text("events").value_or(""); !events.empty()) {
    if (Result<std::vector<std::string>> names = parse_event_names(events)) {
      navi.events = *std::move(names);
    } else {
      reader.fail("events", cat({"Unknown event type ", names.error().message}));
    }
  }
  navi.max_files = static_cast<std::size_t>(reader.value("max_files", parse_limit));
  navi.max_bytes = static_cast<std::uint64_t>(reader.value("max_bytes", parse_byte_limit));
  navi.rate_limit =
      static_cast<int>(std::min<std::int64_t>(reader.value("rate_limit", parse_limit), 1'000'000));
  navi.rate_window = reader.value("rate_window", parse_some_seconds);
  navi.tail_bytes = static_cast<std::size_t>(reader.value("tail_bytes", parse_tail_bytes));
  navi.sync = reader.value("sync", parse_boolean);
  navi.exec = trim(reader.text("exec").value_or(""));
  navi.exec_timeout = reader.value("exec_timeout", parse_some_seconds);
  navi.http = reader.value("http", parse_http_target);
  navi.http_header = trim(reader.text("http_header").value_or(""));
  if (const std::string file = reader.text("termination_log").value_or(""); !file.empty()) {
    navi.termination_log = path_of(file);
  }
  navi.stderr_line = reader.value("stderr", parse_boolean);
  navi.pressure = read_pressure(reader);
}

}  // namespace sv::config
