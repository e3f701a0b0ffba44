#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "rpc/names.h"
#include "web/handlers.h"
#include "web/headers.h"
#include "web/json.h"

namespace sv::web {
namespace {

/// Letters, digits, ".", "-" and "_" of `text`; what else there is becomes "_".
std::string file_name(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(
      name,
      [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return !letter && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_';
      },
      '_');
  return name;
}

bool is_set(const Call& call, std::string_view name) {
  const auto text = call.parameter(name);
  return text && parse_boolean(*text).value_or(false);
}

/// The log as the query asks for it: follow=true, tail=BYTES, download=true. `name` is the one a
/// downloaded file gets.
Answer log_answer(const Call& call, LogAnswer answer, std::string_view name) {
  if (const auto tail = call.parameter("tail")) {
    std::uint64_t bytes = 0;
    const char* end = tail->data() + tail->size();
    const auto [stop, problem] = std::from_chars(tail->data(), end, bytes);
    if (problem != std::errc() || stop != end) {
      return json_error(400, "BAD_REQUEST", "tail is a number of bytes");
    }
    answer.last_bytes = bytes;
  }
  answer.follows = is_set(call, "follow");
  answer.head.headers = private_headers("text/plain;charset=utf-8");
  if (answer.follows) {
    answer.head.headers.push_back({"X-Accel-Buffering", "no"});
  }
  if (is_set(call, "download")) {
    answer.head.headers.push_back(
        {"Content-Disposition", cat({"attachment; filename=\"", file_name(name), "\""})});
  }
  return answer;
}

}  // namespace

Answer get_program_log(const Call& call) {
  const rpc::Host& host = call.services.host;
  const auto process = rpc::find_process(host.supervisor(), call.values[0]);
  if (!process) {
    return fault_response(process.error());
  }
  const std::string_view channel_name = call.values[1];
  if (channel_name != "stdout" && channel_name != "stderr") {
    return json_error(404, "NOT_FOUND", "the logs of a program are stdout and stderr");
  }
  const core::Channel channel =
      channel_name == "stdout" ? core::Channel::standard_output : core::Channel::standard_error;
  const auto path = host.log_path((*process)->id, channel);
  if (!path) {
    return json_error(404, "NO_FILE",
                      cat({channel_name, " of ", call.values[0], " is not kept in a file"}));
  }
  LogAnswer answer;
  answer.path = *path;
  answer.process = (*process)->id;
  answer.channel = channel;
  return log_answer(call, std::move(answer), cat({call.values[0], ".", channel_name, ".log"}));
}

Answer get_daemon_log(const Call& call) {
  const auto path = call.services.host.main_log_path();
  if (!path) {
    return json_error(404, "NO_FILE", "the daemon does not log to a file");
  }
  LogAnswer answer;
  answer.path = *path;
  return log_answer(call, std::move(answer), "supervisord.log");
}

}  // namespace sv::web
