#include "rpc/process_info.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "rpc/local_time.h"
#include "rpc/names.h"
#include "wire/xmlrpc_writer.h"

namespace sv::rpc {
namespace {

using core::Channel;
using core::ProcessState;

std::int64_t seconds_or_zero(const std::optional<WallTime>& time) {
  return time ? unix_seconds(*time) : 0;
}

std::string two_digits(std::int64_t number) {
  return number < 10 ? "0" + std::to_string(number) : std::to_string(number);
}

std::string failure_text(const core::Process& process) {
  const std::string& error = process.record().spawn_error;
  return error.empty() ? cat({"unknown error (try \"tail ", process.config->name, "\")"}) : error;
}

}  // namespace

std::string format_uptime(std::int64_t seconds) {
  constexpr std::int64_t kDay = 86400;
  seconds = std::max<std::int64_t>(seconds, 0);
  const std::int64_t days = seconds / kDay;
  std::string text;
  if (days > 0) {
    text = std::to_string(days) + (days == 1 ? " day, " : " days, ");
  }
  const std::int64_t rest = seconds % kDay;
  return cat({text, std::to_string(rest / 3600), ":", two_digits(rest / 60 % 60), ":",
              two_digits(rest % 60)});
}

std::string describe(const core::Process& process, WallTime now) {
  const core::ProcessRecord& record = process.record();
  switch (process.state()) {
    case ProcessState::running:
      // The difference of the two numbers the client sees, not of the exact times.
      return cat({"pid ", std::to_string(record.pid), ", uptime ",
                  format_uptime(unix_seconds(now) - seconds_or_zero(record.started))});
    case ProcessState::backoff:
    case ProcessState::fatal:
      return failure_text(process);
    case ProcessState::stopped:
    case ProcessState::exited:
      // A program whose command never existed was started but never stopped: it shows the epoch.
      return record.started ? short_local_time(record.stopped.value_or(WallTime{})) : "Not started";
    case ProcessState::starting:
    case ProcessState::stopping:
    case ProcessState::unknown:
      return "";
  }
  return "";
}

wire::XmlRpcStruct process_info(const Host& host, const core::Process& process, WallTime now) {
  const core::ProcessRecord& record = process.record();
  std::string stdout_log = host.log_path(process.id, Channel::standard_output).value_or("");
  std::string stderr_log = host.log_path(process.id, Channel::standard_error).value_or("");
  wire::XmlRpcStruct info;
  info.reserve(14);
  info.emplace_back("name", process.config->name);
  info.emplace_back("group", process.group->shown());
  info.emplace_back("start", seconds_or_zero(record.started));
  info.emplace_back("stop", seconds_or_zero(record.stopped));
  info.emplace_back("now", unix_seconds(now));
  info.emplace_back("state", static_cast<int>(process.state()));
  info.emplace_back("statename", core::state_name(process.state()));
  info.emplace_back("spawnerr", record.spawn_error);
  info.emplace_back("exitstatus", record.exit_status);
  info.emplace_back("logfile", stdout_log);
  info.emplace_back("stdout_logfile", std::move(stdout_log));
  info.emplace_back("stderr_logfile", std::move(stderr_log));
  info.emplace_back("pid", std::int64_t{record.pid});
  info.emplace_back("description", describe(process, now));
  return info;
}

std::vector<const core::Process*> sorted_by_name(const core::Supervisor& supervisor) {
  std::vector<const core::Process*> processes;
  for (const auto& group : supervisor.groups()) {
    for (const auto& process : group->processes()) {
      processes.push_back(process.get());
    }
  }
  std::ranges::sort(processes, [](const core::Process* a, const core::Process* b) {
    const std::string_view in_a = a->group->shown();
    const std::string_view in_b = b->group->shown();
    return std::tie(in_a, a->config->name) < std::tie(in_b, b->config->name);
  });
  return processes;
}

wire::XmlRpcReply get_process_info(Services& services, std::string_view name) {
  const auto process = find_process(services.host.supervisor(), name);
  if (!process) {
    return tl::unexpected(process.error());
  }
  return process_info(services.host, **process, services.host.now().wall);
}

wire::XmlRpcReply get_all_process_info(Services& services) {
  const WallTime now = services.host.now().wall;
  const std::vector<const core::Process*> processes = sorted_by_name(services.host.supervisor());
  wire::XmlRpcArrayWriter all(processes.size());
  for (const core::Process* process : processes) {
    all.add(process_info(services.host, *process, now));
  }
  return all.take();
}

}  // namespace sv::rpc
