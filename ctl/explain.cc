#include "ctl/explain.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "ctl/process_state.h"
#include "ctl/render.h"
#include "ctl/session.h"

namespace sv::ctl {
namespace {

constexpr std::size_t kLabelWidth = 11;

const wire::XmlRpcValue& member_of(const wire::XmlRpcValue& value, std::string_view name) {
  static const wire::XmlRpcValue kNothing;
  const wire::XmlRpcValue* found = value.member(name);
  return found != nullptr ? *found : kNothing;
}

// One digit behind the point, below ten.
std::string rounded(double number) {
  const auto tenths = std::llround(number * 10);
  return number < 9.95 ? cat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10)})
                       : std::to_string(std::llround(number));
}

std::string whole(double number) {
  return std::to_string(std::llround(number));
}

/// Collects the facts.
class Explanation {
 public:
  Explanation(const Explained& explained, const Palette& palette)
      : info_(explained.info),
        program_(explained.program),
        settings_(member_of(program_, "settings")),
        client_(explained.client),
        palette_(palette),
        name_(make_namespec(text_of(info_, "group"), text_of(info_, "name"))),
        now_(static_cast<double>(integer_of(info_, "now"))) {}

  std::string text() {
    const std::string state = text_of(info_, "statename");
    text_ = cat({palette_.begin_bold(), name_, palette_.end(), " is ", palette_.begin_state(state),
                 state, palette_.end(), since(), "\n"});
    fact("why", why());
    fact("process", process());
    fact("last exit", last_exit());
    fact("next try", next_try());
    fact("restarts", restarts());
    fact("uses", uses());
    fact("command", text_of(settings_, "command"));
    return std::move(text_);
  }

 private:
  void fact(std::string_view label, const std::string& value) {
    if (value.empty()) {
      return;
    }
    text_ += cat({"  ", palette_.begin_faint(), label, palette_.end(),
                  std::string(kLabelWidth - label.size(), ' '), value, "\n"});
  }

  [[nodiscard]] std::string since() const {
    const auto since = number_of(program_, "since");
    return since ? cat({" since ", about(now_ - *since)}) : std::string();
  }

  [[nodiscard]] std::string why() const {
    switch (integer_of(info_, "state")) {
      case process_state::kRunning:
        return "it was started and stayed up";
      case process_state::kStarting:
        return starting();
      case process_state::kStopping:
        return stopping();
      case process_state::kStopped:
        return integer_of(info_, "start") == 0 ? not_started() : "it was stopped on request";
      case process_state::kExited:
        return exited();
      case process_state::kBackoff:
        return text_of(info_, "description");
      case process_state::kFatal:
        return cat({text_of(info_, "description"),
                    "; given up, see the log below. When it is mended: ", client_, " start ",
                    name_});
      default:
        return "its processes could not be signalled";
    }
  }

  [[nodiscard]] std::string starting() const {
    const auto seconds = number_of(settings_, "start_seconds");
    return seconds ? cat({"it was started and counts as RUNNING after ", whole(*seconds),
                          " s (startsecs)"})
                   : std::string("it was started and has not been up long enough");
  }

  [[nodiscard]] std::string stopping() const {
    const std::string signal = text_of(settings_, "stop_signal");
    const auto seconds = number_of(settings_, "stop_seconds");
    return seconds ? cat({"it was sent ", signal, " and gets SIGKILL after ", whole(*seconds),
                          " s (stopwaitsecs)"})
                   : std::string("it was told to stop and has not ended yet");
  }

  [[nodiscard]] std::string not_started() const {
    const auto* autostart = member_of(settings_, "autostart").get_if<bool>();
    return autostart != nullptr && !*autostart
               ? cat({"it does not start by itself (autostart=false): ", client_, " start ", name_})
               : std::string("it was never started");
  }

  [[nodiscard]] std::string exited() const {
    const std::string restart = text_of(settings_, "autorestart");
    const std::string policy =
        restart == "never" ? " and is not started again (autorestart=false)"
        : restart == "unexpected" && text_of(info_, "spawnerr").empty()
            ? " as expected and is not started again (autorestart=unexpected)"
            : "";
    return cat({"it ended by itself", policy});
  }

  [[nodiscard]] std::string process() const {
    const std::int64_t pid = integer_of(info_, "pid");
    return pid == 0 ? std::string()
                    : cat({"pid ", std::to_string(pid), ", up for ",
                           uptime_text(integer_of(info_, "now") - integer_of(info_, "start"))});
  }

  // Supervisor tells less: the status only while it does not run, and no signal.
  [[nodiscard]] std::string last_exit() const {
    const std::int64_t stop = integer_of(info_, "stop");
    const std::string ago =
        stop != 0 ? cat({", ", about(now_ - static_cast<double>(stop)), " ago"}) : std::string();
    const std::string text = text_of(member_of(program_, "last_exit"), "text");
    if (!text.empty()) {
      return text + ago;
    }
    if (program_.member("last_exit") != nullptr || stop == 0 || integer_of(info_, "pid") != 0) {
      return {};
    }
    const std::int64_t status = integer_of(info_, "exitstatus");
    return (status < 0 ? "killed by a signal" : cat({"exit status ", std::to_string(status)})) +
           ago;
  }

  [[nodiscard]] std::string next_try() const {
    const auto next = number_of(program_, "next_start");
    if (!next) {
      return {};
    }
    const double left = *next - now_;
    const auto retries = number_of(settings_, "start_retries");
    const std::string of = retries ? cat({" of ", whole(*retries + 1)}) : std::string();
    return cat({left < 1 ? "at once" : cat({"in ", about(left)}), ", after ",
                whole(number_of(program_, "failed_starts").value_or(0)), of, " failed"});
  }

  [[nodiscard]] std::string restarts() const {
    const auto restarts = number_of(program_, "restarts");
    return restarts ? whole(*restarts) : std::string();
  }

  [[nodiscard]] std::string uses() const {
    const wire::XmlRpcValue& usage = member_of(program_, "usage");
    const auto cpu = number_of(usage, "cpu_seconds");
    const auto memory = number_of(usage, "memory_bytes");
    const auto processes = number_of(usage, "processes");
    if (!cpu || !memory || !processes) {
      return {};
    }
    return cat({bytes_text(*memory), " of memory and ", rounded(*cpu), " s of CPU time in ",
                whole(*processes), *processes == 1 ? " process" : " processes"});
  }

  const wire::XmlRpcValue& info_;
  const wire::XmlRpcValue& program_;
  const wire::XmlRpcValue& settings_;
  std::string_view client_;
  const Palette& palette_;
  std::string name_;
  double now_;
  std::string text_;
};

}  // namespace

std::string explain_text(const Explained& explained, const Palette& palette) {
  return Explanation(explained, palette).text();
}

std::string explain_log(std::string_view title, std::string_view lines, const Palette& palette) {
  if (lines.empty()) {
    return {};
  }
  std::string text = cat({"  ", palette.begin_faint(), title, palette.end(), "\n"});
  if (lines.ends_with('\n')) {
    lines.remove_suffix(1);
  }
  for (const std::string_view line : split(lines, '\n')) {
    text += cat({"    ", line, "\n"});
  }
  return text;
}

std::string about(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  seconds = seconds > 0 ? seconds : 0;
  if (seconds < 2 * kMinute) {
    return cat({whole(seconds), " s"});
  }
  if (seconds < 2 * kHour) {
    return cat({whole(seconds / kMinute), " min"});
  }
  return seconds < 2 * kDay ? cat({whole(seconds / kHour), " h"})
                            : cat({whole(seconds / kDay), " days"});
}

std::string bytes_text(double bytes) {
  constexpr std::array<std::string_view, 4> kUnits{" KiB", " MiB", " GiB", " TiB"};
  double number = bytes / 1024;
  std::size_t unit = 0;
  while (number >= 1024 && unit + 1 < kUnits.size()) {
    number /= 1024;
    ++unit;
  }
  return cat({rounded(number), kUnits[unit]});
}

}  // namespace sv::ctl
