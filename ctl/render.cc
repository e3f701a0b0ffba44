#include "ctl/render.h"

#include <algorithm>
#include <cerrno>

#include "base/result.h"
#include "base/text.h"
#include "ctl/exit_status.h"

namespace sv::ctl {
namespace {

constexpr std::size_t kMinNameWidth = 30;

void append_padded(std::string& out, std::string_view text, std::size_t width) {
  out += text;
  const std::size_t length = display_width(text);
  if (length < width) {
    out.append(width - length, ' ');
  }
}

struct Wording {
  int status;
  std::string_view text;
};

constexpr Wording kStartErrors[] = {
    {fault::kBadName, "no such process"},
    {fault::kNoFile, "no such file"},
    {fault::kNotExecutable, "file is not executable"},
    {fault::kAlreadyStarted, "already started"},
    {fault::kSpawnError, "spawn error"},
    {fault::kAbnormalTermination, "abnormal termination"},
};
constexpr Wording kSignalErrors[] = {
    {fault::kBadName, "no such process"},
    {fault::kBadSignal, "bad signal name"},
    {fault::kNotRunning, "not running"},
};
constexpr Wording kClearErrors[] = {
    {fault::kBadName, "no such process"},
    {fault::kFailed, "failed"},
};

std::span<const Wording> errors_of(Verb verb) {
  switch (verb) {
    case Verb::start:
      return kStartErrors;
    case Verb::stop:
    case Verb::signal:
      return kSignalErrors;
    case Verb::clear:
      return kClearErrors;
  }
  return {};
}

std::string_view success_of(Verb verb) {
  switch (verb) {
    case Verb::start:
      return "started";
    case Verb::stop:
      return "stopped";
    case Verb::signal:
      return "signalled";
    case Verb::clear:
      return "cleared";
  }
  return {};
}

// The class Python gives an OSError with this errno.
std::string_view os_error_class(int err) {
  switch (err) {
    case ENOENT:
      return "FileNotFoundError";
    case ECONNREFUSED:
      return "ConnectionRefusedError";
    case ECONNRESET:
      return "ConnectionResetError";
    case ECONNABORTED:
      return "ConnectionAbortedError";
    case EPIPE:
      return "BrokenPipeError";
    case EACCES:
    case EPERM:
      return "PermissionError";
    case ENOTDIR:
      return "NotADirectoryError";
    case ETIMEDOUT:
      return "TimeoutError";
    default:
      return "OSError";
  }
}

struct Describe {
  std::string operator()(const wire::XmlRpcFault& fault) const {
    return cat({"<class 'xmlrpc.client.Fault'>, <Fault ", std::to_string(fault.code), ": ",
                python_repr(fault.text), ">"});
  }
  std::string operator()(const SystemFailure& failure) const {
    return cat({"<class '", os_error_class(failure.err), "'>, [Errno ", std::to_string(failure.err),
                "] ", errno_text(failure.err)});
  }
  std::string operator()(const HttpFailure& failure) const {
    return cat({"<class 'xmlrpc.client.ProtocolError'>, <ProtocolError for 127.0.0.1/RPC2: ",
                std::to_string(failure.status), " ", failure.reason, ">"});
  }
  std::string operator()(const OtherFailure& failure) const {
    return cat({"<class '", failure.kind, "'>, ", failure.text});
  }
  std::string operator()(const Interrupted&) const { return "<class 'KeyboardInterrupt'>, "; }
};

struct Reason {
  std::string operator()(const wire::XmlRpcFault& fault) const { return fault.text; }
  std::string operator()(const SystemFailure& failure) const { return errno_text(failure.err); }
  std::string operator()(const HttpFailure& failure) const {
    return cat({"HTTP status ", std::to_string(failure.status), " ", failure.reason});
  }
  std::string operator()(const OtherFailure& failure) const {
    return failure.text.empty() ? failure.kind : failure.text;
  }
  std::string operator()(const Interrupted&) const { return "interrupted"; }
};

/// Column widths of `words` laid out in `rows` rows; empty if that is wider than `width`.
std::vector<std::size_t> column_widths(std::span<const std::string> words, std::size_t rows,
                                       std::size_t width) {
  constexpr std::size_t kGap = 2;
  std::vector<std::size_t> widths;
  std::size_t total = 0;
  for (std::size_t first = 0; first < words.size(); first += rows) {
    std::size_t widest = 0;
    for (const std::string& word : words.subspan(first, std::min(rows, words.size() - first))) {
      widest = std::max(widest, display_width(word));
    }
    total += widest + (widths.empty() ? 0 : kGap);
    if (total > width) {
      return {};
    }
    widths.push_back(widest);
  }
  return widths;
}

}  // namespace

// Names may hold more than ASCII.
std::size_t display_width(std::string_view text) {
  return is_valid_utf8(text) ? utf8_length(text) : text.size();
}

std::string make_namespec(std::string_view group, std::string_view process) {
  return group == process ? std::string(process) : cat({group, ":", process});
}

Namespec split_namespec(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    return {std::string(text), std::string(text)};
  }
  const std::string_view process = text.substr(colon + 1);
  Namespec spec{std::string(text.substr(0, colon)), std::nullopt};
  if (!process.empty() && process != "*") {
    spec.process = process;
  }
  return spec;
}

std::size_t status_name_width(std::span<const StatusRow> rows) {
  std::size_t width = kMinNameWidth;
  for (const StatusRow& row : rows) {
    width = std::max(width, display_width(row.name));
  }
  return width + 3;
}

std::string status_table(std::span<const StatusRow> rows, std::size_t name_width,
                         const Palette& palette) {
  std::string table;
  table.reserve(rows.size() * (name_width + 48));
  for (const StatusRow& row : rows) {
    append_padded(table, row.name, name_width);
    table += palette.begin_state(row.state);
    append_padded(table, row.state, kStatusStateWidth);
    table += palette.end();
    table += row.description;
    table += '\n';
  }
  return table;
}

std::string uptime_text(std::int64_t seconds) {
  constexpr std::int64_t kDay = 86400;
  const auto two_digits = [](std::int64_t number) {
    return number < 10 ? cat({"0", std::to_string(number)}) : std::to_string(number);
  };
  seconds = std::max<std::int64_t>(seconds, 0);
  const std::int64_t days = seconds / kDay;
  const std::int64_t rest = seconds % kDay;
  const std::string day_part =
      days > 0 ? cat({std::to_string(days), days == 1 ? " day, " : " days, "}) : std::string();
  return cat({day_part, std::to_string(rest / 3600), ":", two_digits(rest / 60 % 60), ":",
              two_digits(rest % 60)});
}

std::string avail_line(const AvailRow& row) {
  std::string line;
  append_padded(line, row.name, 32);
  line += ' ';
  append_padded(line, row.in_use ? "in use" : "avail", 9);
  line += ' ';
  append_padded(line, row.autostart ? "auto" : "manual", 9);
  line += cat({" ", std::to_string(row.group_priority), ":", std::to_string(row.process_priority)});
  return line;
}

std::string columns(std::span<const std::string> words, std::size_t width) {
  std::string text;
  if (words.empty()) {
    return text;
  }
  std::size_t rows = 1;
  std::vector<std::size_t> widths = column_widths(words, rows, width);
  while (widths.empty() && rows < words.size()) {
    widths = column_widths(words, ++rows, width);
  }
  if (widths.empty()) {
    widths.push_back(0);  // not even one column fits: one word a line
  }
  for (std::size_t row = 0; row < rows; ++row) {
    // The last word of a row is padded, too: so does the reference.
    for (std::size_t column = 0; row + column * rows < words.size(); ++column) {
      text += column > 0 ? "  " : "";
      append_padded(text, words[row + column * rows], words.size() == 1 ? 0 : widths[column]);
    }
    text += '\n';
  }
  return text;
}

std::optional<std::string> result_line(Verb verb, const ProcessResult& result) {
  if (result.status == fault::kSuccess) {
    return cat({result.name, ": ", success_of(verb)});
  }
  for (const Wording& wording : errors_of(verb)) {
    if (wording.status == result.status) {
      return cat({result.name, ": ERROR (", wording.text, ")"});
    }
  }
  if (result.status == fault::kFailed && (verb == Verb::stop || verb == Verb::signal)) {
    return result.description;
  }
  return std::nullopt;
}

Failure unknown_result(const ProcessResult& result) {
  return OtherFailure{"ValueError", cat({"Unknown result code ", std::to_string(result.status),
                                         " for ", result.name})};
}

std::optional<int> result_exit_status(Verb verb, int status) {
  const int ignored = verb == Verb::start  ? fault::kAlreadyStarted
                      : verb == Verb::stop ? fault::kNotRunning
                                           : fault::kSuccess;
  if (status == fault::kSuccess || status == ignored) {
    return std::nullopt;
  }
  constexpr int kDead[] = {fault::kSpawnError, fault::kAbnormalTermination, fault::kNotRunning};
  return std::ranges::find(kDead, status) != std::end(kDead) ? exit_status::kNotRunning
                                                             : exit_status::kGeneric;
}

std::string describe(const Failure& failure) {
  return std::visit(Describe{}, failure);
}

std::string reason_of(const Failure& failure) {
  return std::visit(Reason{}, failure);
}

std::string error_line(const Failure& failure) {
  return cat({"error: ", describe(failure)});
}

}  // namespace sv::ctl
