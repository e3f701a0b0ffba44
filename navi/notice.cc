#include "navi/notice.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/signals.h"
#include "base/text.h"

namespace sv::navi {
namespace {

using Json = nlohmann::ordered_json;

/// Decimal digits with zeros in front.
std::string padded(std::uint64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

std::string hex8(std::uint32_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) {
    out += kDigits[(value >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return out;
}

Json json_object(const wire::Tokens& tokens) {
  std::map<std::string, std::string> sorted;
  for (const auto& [key, value] : tokens) {
    sorted.insert_or_assign(to_valid_utf8(key), to_valid_utf8(value));
  }
  return sorted;
}

/// Adds a member if its value is known.
template <class T>
void put(Json& object, const char* key, const std::optional<T>& value) {
  if (value) {
    object[key] = *value;
  }
}

void put(Json& object, const char* key, const std::optional<std::string>& value) {
  if (value) {
    object[key] = to_valid_utf8(*value);
  }
}

void put(Json& object, const char* key, const std::optional<WallTime>& value) {
  if (value) {
    object[key] = utc_timestamp(*value);
  }
}

/// ExitCode is null when a signal ended the process, and the reverse.
void put_status(Json& object, const WaitStatus& status) {
  object["ExitCode"] = status.exited() ? Json(status.exit_code()) : Json();
  object["Signal"] = status.signaled() ? Json(status.signal()) : Json();
  object["SignalName"] = status.signaled() ? Json(signal_name(status.signal())) : Json();
  object["CoreDumped"] = status.core_dumped();
}

double seconds_of(Duration duration) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(duration);
  return static_cast<double>(milliseconds.count()) / 1000.0;
}

Json json_object(const ProcessFacts& process) {
  Json object;
  object["Name"] = to_valid_utf8(process.name);
  object["Group"] = to_valid_utf8(process.group);
  put(object, "Pid", process.pid);
  put(object, "Command", process.command);
  put(object, "User", process.user);
  put(object, "StartedAt", process.started_at);
  put(object, "EndedAt", process.ended_at);
  if (process.uptime) {
    object["UptimeSeconds"] = seconds_of(*process.uptime);
  }
  if (process.status) {
    put_status(object, *process.status);
  }
  put(object, "StoppedBySupervisor", process.stopped_by_supervisor);
  put(object, "Restarts", process.restarts);
  put(object, "WillRestart", process.will_restart);
  put(object, "NextStartAt", process.next_start_at);
  return object;
}

Json json_object(const MemoryFacts& memory) {
  Json object;
  object["Verdict"] = verdict_name(memory.verdict);
  if (memory.source) {
    object["Kind"] = *memory.source == MemoryFacts::Source::kernel ? "kernel" : "runtime";
  }
  object["Attributed"] = memory.attributed;
  put(object, "KillsBefore", memory.kills_before);
  put(object, "KillsAfter", memory.kills_after);
  object["CgroupVersion"] = memory.cgroup_version;
  if (!memory.counter.empty()) {
    object["Counter"] = memory.counter;
  }
  put(object, "LimitBytes", memory.limit_bytes);
  put(object, "UsageBytes", memory.usage_bytes);
  put(object, "PeakBytes", memory.peak_bytes);
  if (!memory.runtime.empty()) {
    object["Runtime"] = memory.runtime;
    object["Pattern"] = memory.pattern;
  }
  return object;
}

/// The end of a log, beginning with a whole character.
std::string_view last_bytes(std::string_view text) {
  if (text.size() <= OutputFacts::kMaxTailBytes) {
    return text;
  }
  text.remove_prefix(text.size() - OutputFacts::kMaxTailBytes);
  std::size_t cut = 0;
  while (cut < 3 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
    ++cut;
  }
  return text.substr(cut);
}

void put(Json& object, const char* key, const std::optional<OutputFacts::Channel>& channel) {
  if (channel) {
    Json& member = object[key] = Json::object();
    put(member, "File", channel->file);
    member["Tail"] = to_valid_utf8(last_bytes(channel->tail));
  }
}

/// Navi 1.0.0 escapes more than JSON asks for, and writes two escapes differently. All of it can
/// only occur inside of strings.
std::string escaped_like_navi(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = json.substr(i);
    if (rest.starts_with("<")) {
      out += "\\u003c";
    } else if (rest.starts_with(">")) {
      out += "\\u003e";
    } else if (rest.starts_with("&")) {
      out += "\\u0026";
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      out += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (rest.starts_with("\\b") || rest.starts_with("\\f")) {
      out += rest[1] == 'b' ? "\\u0008" : "\\u000c";
      i += 1;
    } else if (rest.starts_with("\\")) {
      out += rest.substr(0, 2);
      i += 1;
    } else {
      out += rest[0];
    }
  }
  return out;
}

/// What the daemon's events mean to somebody who wants to be woken.
void classify(Notice& notice) {
  const std::string_view event = wire::find_token(notice.header, "eventname").value_or("");
  if (event == "PROCESS_STATE_EXITED") {
    const bool expected = wire::find_token(notice.metadata, "expected") == "1";
    notice.kind = expected ? Kind::exit : Kind::crash;
    notice.phase = Phase::running;
  } else if (event == "PROCESS_STATE_BACKOFF") {
    notice.kind = Kind::crash;
    notice.phase = Phase::starting;
  } else if (event == "PROCESS_STATE_FATAL") {
    notice.kind = Kind::fatal;
  }
}

std::optional<pid_t> parse_pid(std::optional<std::string_view> text) {
  pid_t pid = 0;
  if (!text) {
    return std::nullopt;
  }
  const char* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, pid);
  return error == std::errc{} && at == end ? std::optional(pid) : std::nullopt;
}

void find_process(Notice& notice) {
  const auto name = wire::find_token(notice.metadata, "processname");
  if (!name) {
    return;
  }
  ProcessFacts& process = notice.process.emplace();
  process.name = *name;
  process.group = wire::find_token(notice.metadata, "groupname").value_or("");
  process.pid = parse_pid(wire::find_token(notice.metadata, "pid"));
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::crash:
      return "crash";
    case Kind::fatal:
      return "fatal";
    case Kind::oom:
      return "oom";
    case Kind::exit:
      return "exit";
    case Kind::lost:
      return "lost";
    case Kind::pressure:
      return "pressure";
    case Kind::container:
      return "container";
  }
  return "crash";
}

std::string_view phase_name(Phase phase) {
  return phase == Phase::starting ? "starting" : "running";
}

Notice notice_from_frame(wire::EventFrame frame, WallTime received_at) {
  Notice notice;
  notice.header = std::move(frame.header);
  notice.received_at = received_at;
  const std::size_t line_feed = frame.payload.find('\n');
  notice.metadata = wire::parse_tokens(std::string_view(frame.payload).substr(0, line_feed));
  if (line_feed != std::string::npos) {
    notice.payload = frame.payload.substr(line_feed + 1);
  }
  classify(notice);
  find_process(notice);
  return notice;
}

Notice notice_from_event(const wire::EventEnvelope& envelope, std::string_view payload,
                         WallTime received_at) {
  wire::EventFrame frame;
  frame.header = {{"ver", "3.0"},
                  {"server", std::string(envelope.server)},
                  {"serial", std::to_string(envelope.serial)},
                  {"pool", std::string(envelope.pool)},
                  {"poolserial", std::to_string(envelope.pool_serial)},
                  {"eventname", std::string(envelope.event_name)},
                  {"len", std::to_string(utf8_length(payload))}};
  frame.payload = payload;
  return notice_from_frame(std::move(frame), received_at);
}

Notice notice_of_loss(std::uint64_t count, WallTime at) {
  Notice notice =
      notice_from_event({"supervisor", 0, "navi", 0, "REMOTE_COMMUNICATION"}, "type:lost\n", at);
  notice.kind = Kind::lost;
  notice.suppressed = count;
  return notice;
}

std::string render(const Notice& notice) {
  Json object;
  object["Header"] = json_object(notice.header);
  object["Metadata"] = json_object(notice.metadata);
  object["Payload"] = to_valid_utf8(notice.payload);
  object["ReceivedAt"] = utc_timestamp(notice.received_at);
  object["Version"] = 2;
  if (notice.kind) {
    object["Kind"] = kind_name(*notice.kind);
  }
  if (notice.phase) {
    object["Phase"] = phase_name(*notice.phase);
  }
  if (!notice.id.empty()) {
    object["Id"] = to_valid_utf8(notice.id);
  }
  if (notice.sequence != 0) {
    object["Sequence"] = notice.sequence;
  }
  if (notice.process) {
    object["Process"] = json_object(*notice.process);
  }
  if (notice.memory) {
    object["Memory"] = json_object(*notice.memory);
  }
  if (notice.resources) {
    object["Resources"] = {{"MaxRssBytes", notice.resources->max_memory_bytes},
                           {"UserSeconds", seconds_of(notice.resources->user_time)},
                           {"SystemSeconds", seconds_of(notice.resources->system_time)}};
  }
  if (notice.output) {
    Json& output = object["Output"] = Json::object();
    put(output, "Stdout", notice.output->out);
    put(output, "Stderr", notice.output->err);
  }
  if (notice.container) {
    object["Container"] = {{"Hostname", to_valid_utf8(notice.container->host_name)},
                           {"DaemonPid", notice.container->daemon_pid}};
  }
  if (notice.suppressed != 0) {
    object["Suppressed"] = notice.suppressed;
  }
  return escaped_like_navi(object.dump());
}

void NoticeNumbering::number(Notice& notice) {
  notice.sequence = ++last_;
  notice.id = cat({hex8(run_), "-", padded(last_, 12)});
}

std::string utc_timestamp(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss<nanoseconds> clock(duration_cast<nanoseconds>(time - day));
  const auto number = [](auto value, std::size_t width) {
    return padded(static_cast<std::uint64_t>(value), width);
  };
  return cat({number(static_cast<int>(date.year()), 4), "-",
              number(static_cast<unsigned>(date.month()), 2), "-",
              number(static_cast<unsigned>(date.day()), 2), "T", number(clock.hours().count(), 2),
              ":", number(clock.minutes().count(), 2), ":", number(clock.seconds().count(), 2), ".",
              number(clock.subseconds().count(), 9), "Z"});
}

}  // namespace sv::navi
