#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/parse.h"
#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/follow_many.h"
#include "ctl/log_reader.h"
#include "ctl/names.h"
#include "ctl/render.h"
#include "wire/http_message.h"

/// logs: what processes wrote, by lines.
namespace sv::ctl {
namespace {

constexpr std::size_t kDefaultLines = 50;
constexpr std::int64_t kJointBytes = std::int64_t{64} * 1024;
/// What Supervisor's streams begin with.
constexpr std::int64_t kReferenceJointBytes = 1024;

struct Request {
  std::vector<LogName> logs;
  std::size_t lines = kDefaultLines;
  bool since_start = false;
  bool follow = false;
};

std::optional<Request> read_request(Session& session, const Arguments& arguments) {
  Request request;
  if (arguments.empty()) {
    refuse(session, "Error: logs requires a process name", "logs", exit_status::kInvalidArguments);
    return std::nullopt;
  }
  if (const auto lines = arguments.value_of(CommandOption::lines)) {
    const auto number = parse_integer(*lines);
    if (!number || *number < 0) {
      refuse(session, cat({"Error: --lines takes a number, not ", *lines}), "logs",
             exit_status::kInvalidArguments);
      return std::nullopt;
    }
    request.lines = static_cast<std::size_t>(*number);
  }
  request.since_start = arguments.has(CommandOption::since_start);
  if (request.since_start && !arguments.has(CommandOption::lines)) {
    request.lines = std::numeric_limits<std::size_t>::max();
  }
  request.follow = arguments.has(CommandOption::follow);
  const bool err = arguments.has(CommandOption::err);
  const bool out = arguments.has(CommandOption::out) || !err;
  for (const std::string& name : arguments.words()) {
    if (out) {
      request.logs.push_back({name, false});
    }
    if (err) {
      request.logs.push_back({name, true});
    }
  }
  return request;
}

/// A log that is there to be read.
struct Source {
  LogName log;
  std::optional<wire::XmlRpcValue> program;  ///< of the JSON interface, if the daemon has it
};

void complain(Session& session, const LogName& log, std::string_view reason) {
  session.say(cat({log.process, ": ERROR (", reason, ")"}));
  session.set_exit_status(exit_status::kGeneric);
}

// nullopt: there is nothing to read, which has been said.
Outcome<std::optional<Source>> find_source(Session& session, const LogName& log) {
  auto info = session.call("supervisor.getProcessInfo", {log.process});
  if (!info) {
    if (fault_code(info.error()) != fault::kBadName) {
      return failed(std::move(info.error()));
    }
    complain(session, log, "no such process");
    return std::optional<Source>();
  }
  if (text_of(*info, log.is_stderr ? "stderr_logfile" : "stdout_logfile").empty()) {
    complain(session, log,
             log.is_stderr ? "no log file for stderr; it may be in that of stdout"
                           : "no log file for stdout");
    return std::optional<Source>();
  }
  Source source;
  source.log = {make_namespec(text_of(*info, "group"), text_of(*info, "name")), log.is_stderr};
  auto page = session.get(cat({"/api/v1/programs/", wire::percent_encode(source.log.process)}));
  if (!page) {
    return failed(std::move(page.error()));
  }
  if (*page) {
    if (const auto* program = (*page)->member("program")) {
      source.program = *program;
    }
  }
  return std::optional(std::move(source));
}

// How many bytes the current run, or the last one, wrote; nullopt when the daemon does not tell.
std::optional<std::int64_t> bytes_since_start(const Source& source) {
  const auto* counts = source.program ? source.program->member("log_bytes") : nullptr;
  const auto count = counts != nullptr ? number_of(*counts, source.log.channel()) : std::nullopt;
  return count ? std::optional(static_cast<std::int64_t>(
                     std::min(*count, static_cast<double>(kMostLogBytes))))
               : std::nullopt;
}

Outcome<std::optional<LogEnd>> read_history(Session& session, const Request& request,
                                            const Source& source) {
  if (!request.since_start) {
    return read_lines_end(session, source.log, request.lines).map([](LogEnd end) {
      return std::optional(std::move(end));
    });
  }
  const auto bytes = bytes_since_start(source);
  if (!bytes) {
    complain(session, source.log, "this daemon does not tell where the output of a run begins");
    return std::optional<LogEnd>();
  }
  auto end = read_log_end(session, source.log, *bytes);
  if (!end) {
    return failed(std::move(end.error()));
  }
  return std::optional(std::move(*end));
}

FollowedLog followed(const Source& source, const LogEnd& end, std::string label) {
  const std::string name = wire::percent_encode(source.log.process);
  const bool has_api = source.program.has_value();
  // Not more than was read, or what was not meant to be shown would come with it.
  const std::int64_t read = std::min(end.log_bytes, static_cast<std::int64_t>(end.text.size()));
  const std::int64_t window = has_api ? std::min(kJointBytes, read) : kReferenceJointBytes;
  const auto expected = static_cast<std::size_t>(std::min(window, end.log_bytes));
  std::string target = has_api ? cat({"/api/v1/programs/", name, "/logs/", source.log.channel(),
                                      "?follow=true&tail=", std::to_string(window)})
                               : cat({"/logtail/", name, "/", source.log.channel()});
  return {std::move(target), std::move(label), LogJoint(end.text, expected)};
}

std::vector<std::string> labels_of(const Session& session, const std::vector<Source>& sources) {
  if (sources.size() < 2) {
    return std::vector<std::string>(sources.size());
  }
  const bool both = std::ranges::any_of(
      sources, [&](const Source& s) { return s.log.is_stderr != sources.front().log.is_stderr; });
  std::vector<std::string> names;
  for (const Source& source : sources) {
    names.push_back(both ? cat({source.log.process, " ", source.log.channel()})
                         : source.log.process);
  }
  return labels_for(names, session.settings().palette);
}

Outcome<std::vector<Source>> find_sources(Session& session, const std::vector<LogName>& logs) {
  std::vector<Source> sources;
  for (const LogName& log : logs) {
    auto source = find_source(session, log);
    if (!source) {
      return failed(std::move(source.error()));
    }
    if (*source) {
      sources.push_back(std::move(**source));
    }
  }
  return sources;
}

}  // namespace

Outcome<void> run_logs(Session& session, const Arguments& arguments) {
  const auto request = read_request(session, arguments);
  if (!request) {
    return {};
  }
  auto sources = find_sources(session, request->logs);
  if (!sources) {
    return failed(std::move(sources.error()));
  }
  const std::vector<std::string> labels = labels_of(session, *sources);
  std::vector<FollowedLog> followed_logs;
  for (std::size_t i = 0; i < sources->size(); ++i) {
    auto end = read_history(session, *request, (*sources)[i]);
    if (!end) {
      return failed(std::move(end.error()));
    }
    if (!*end) {
      continue;
    }
    LineLabels lines(labels[i]);
    session.console().out.write(lines.add(last_lines((*end)->text, request->lines)));
    session.console().out.write(lines.end());
    followed_logs.push_back(followed((*sources)[i], **end, labels[i]));
  }
  if (request->follow && !followed_logs.empty()) {
    follow_logs(session, std::move(followed_logs));
  }
  return {};
}

}  // namespace sv::ctl
