#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/parse.h"
#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/follow.h"
#include "ctl/follow_many.h"
#include "wire/http_message.h"

/// tail, maintail: reading logs.
namespace sv::ctl {
namespace {

constexpr std::int64_t kDefaultTailBytes = 1600;

/// What `tail` was asked for.
struct TailRequest {
  bool follow = false;
  std::int64_t bytes = kDefaultTailBytes;
  std::string name;
  std::string channel = "stdout";
};

void complain(Session& session, std::string_view text) {
  session.say(text);
  session.set_exit_status(exit_status::kGeneric);
}

// "-f" or "-N" with any integer N; "-0" is the whole log, "--5" counts from its beginning.
bool read_modifier(Session& session, std::string_view word, TailRequest& request) {
  if (word == "-f") {
    request.follow = true;
    return true;
  }
  const auto bytes = parse_integer(word.substr(1));
  if (!word.starts_with('-') || !bytes) {
    complain(session, cat({"Error: bad argument ", word}));
    return false;
  }
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();  // what XML-RPC carries
  request.bytes = std::clamp(*bytes, -kMost, kMost);
  return true;
}

std::optional<TailRequest> read_tail_arguments(Session& session, std::vector<std::string> words) {
  if (words.empty()) {
    refuse(session, "Error: too few arguments", "tail");
    return std::nullopt;
  }
  if (words.size() > 3) {
    refuse(session, "Error: too many arguments", "tail");
    return std::nullopt;
  }
  TailRequest request;
  std::string modifier;
  if (words.front().starts_with('-')) {
    modifier = words.front();
    words.erase(words.begin());
  }
  if (words.empty()) {
    complain(session, "Error: tail requires process name");
    return std::nullopt;
  }
  request.name = words.front();
  if (words.size() > 1) {
    request.channel = ascii_lower(words.back());
    if (request.channel != "stdout" && request.channel != "stderr") {
      complain(session, cat({"Error: bad channel ", python_repr(request.channel)}));
      return std::nullopt;
    }
  }
  if (!modifier.empty() && !read_modifier(session, modifier, request)) {
    return std::nullopt;
  }
  return request;
}

enum class LogOf { process, daemon };

// Prints a log, or why there is none.
Outcome<void> print_log(Session& session, const Outcome<wire::XmlRpcValue>& reply,
                        std::string_view name, LogOf whose) {
  if (reply) {
    const auto* text = reply->get_if<std::string>();
    session.say(text != nullptr ? *text : "");
    return {};
  }
  std::string_view reason;
  switch (fault_code(reply.error())) {
    case fault::kNoFile:
      reason = "no log file";
      break;
    case fault::kFailed:
      reason = "unknown error reading log";
      break;
    case fault::kBadName:
      reason = whose == LogOf::process ? "no such process name" : "";
      break;
    default:
      break;
  }
  if (reason.empty()) {
    return failed(reply.error());
  }
  complain(session, cat({name, ": ERROR (", reason, ")"}));
  return {};
}

// modctl's "tail -f a b [channel]": the processes, or nothing where it is the reference's command.
std::vector<std::string> followed_together(const Session& session,
                                           const std::vector<std::string>& words,
                                           std::string& channel) {
  if (session.settings().dialect != Dialect::modctl || words.size() < 3 || words[0] != "-f") {
    return {};
  }
  std::vector<std::string> names(words.begin() + 1, words.end());
  const std::string last = ascii_lower(names.back());
  if (last == "stdout" || last == "stderr") {
    channel = last;
    names.pop_back();
  }
  return names.size() > 1 ? names : std::vector<std::string>();
}

}  // namespace

Outcome<void> run_tail(Session& session, const Arguments& arguments) {
  std::string channel = "stdout";
  const auto names = followed_together(session, arguments.words(), channel);
  if (!names.empty()) {
    const auto labels = labels_for(names, session.settings().palette);
    std::vector<FollowedLog> logs;
    for (std::size_t i = 0; i < names.size(); ++i) {
      logs.push_back({cat({"/logtail/", wire::percent_encode(names[i]), "/", channel}), labels[i]});
    }
    follow_logs(session, std::move(logs));
    return {};
  }
  const auto request = read_tail_arguments(session, arguments.words());
  if (!request) {
    return {};
  }
  if (request->follow) {
    follow_log(session, cat({"/logtail/", request->name, "/", request->channel}));
    return {};
  }
  const std::string_view method = request->channel == "stdout" ? "supervisor.readProcessStdoutLog"
                                                               : "supervisor.readProcessStderrLog";
  return print_log(session, session.call(method, {request->name, -request->bytes, 0}),
                   request->name, LogOf::process);
}

Outcome<void> run_maintail(Session& session, const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words();
  if (words.size() > 1) {
    refuse(session, "Error: too many arguments", "maintail");
    return {};
  }
  TailRequest request;
  if (!words.empty() && !read_modifier(session, words.front(), request)) {
    return {};
  }
  if (request.follow) {
    follow_log(session, "/mainlogtail");
    return {};
  }
  return print_log(session, session.call("supervisor.readLog", {-request.bytes, 0}), "supervisord",
                   LogOf::daemon);
}

}  // namespace sv::ctl
